import { getContext, onMount, setContext } from 'svelte';
import type { CanvasExporter } from './types';

const KEY = Symbol('chart');

interface ChartContext {
  register(exporter: CanvasExporter): () => void;
}

/** Called by the frame: children register here. */
export function provideChart(context: ChartContext): void {
  setContext(KEY, context);
}

/** A canvas chart says how it is drawn for export, while it is mounted; SVG charts are found without. */
export function registerExporter(exporter: CanvasExporter): void {
  const context = getContext<ChartContext | undefined>(KEY);
  onMount(() => context?.register(exporter));
}
