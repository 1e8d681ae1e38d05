/** Parts of the views and of the charts that the first screen does not need. */
export const PARTS = {
  layerDetails: () => import('./layer/LayerDetails.svelte'),
  filterCharts: () => import('./filters/FilterCharts.svelte'),
};

/** So that they are there without a network too; one that does not arrive is asked for again when it is shown. */
export function preloadParts(): void {
  const saving = [
    () => import('../charts/svg-export'),
    () => import('../charts/MosaicFigure.svelte'),
    () => import('../charts/ScatterFigure.svelte'),
  ];
  for (const load of [...Object.values(PARTS), ...saving]) load().catch(() => {});
}
