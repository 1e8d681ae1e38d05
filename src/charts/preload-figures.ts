/** So that charts can be saved without a network too; what does not arrive is asked for again when one is saved. */
export function preloadFigures(): void {
  const figures = [
    () => import('./svg-export'),
    () => import('./MosaicFigure.svelte'),
    () => import('./ScatterFigure.svelte'),
  ];
  for (const load of figures) load().catch(() => {});
}
