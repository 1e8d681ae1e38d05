import { getContext, setContext } from 'svelte';
import type { CanvasExporter } from './types';

const KEY = Symbol('chart');

interface ChartContext {
  register(exporter: CanvasExporter): () => void;
}

/** Called by the frame: children register here. */
export function provideChart(context: ChartContext): void {
  setContext(KEY, context);
}

/** A canvas chart says how it is drawn for export, while there is anything to draw; SVG charts are found without. */
export function registerExporter(exporter: CanvasExporter, drawn: () => boolean): void {
  const context = getContext<ChartContext | undefined>(KEY);
  const any = $derived(drawn());
  $effect(() => (any ? context?.register(exporter) : undefined));
}
