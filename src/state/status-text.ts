import { isolated } from '../domain/text';
import type { ModelEntry, Progress } from './model-entry.svelte';

const STAGES: Record<Progress['stage'], string> = {
  reading: 'reading',
  filters: 'measuring filters',
  late: 'comparing channels',
  basis: 'finding components',
};

export function stageText(stage: Progress['stage'] | undefined): string {
  return stage ? STAGES[stage] : 'starting';
}

/**
 * What the live region says. Once nothing is under way it ends on `N layers, M filters analysed`, in plain digits and
 * always plural, for tests and screen readers alike.
 */
export function statusText(
  shown: Pick<ModelEntry, 'name' | 'status' | 'layerCount' | 'filterCount'> | null,
  work: { name: string; stage: Progress['stage'] | undefined; position: number; total: number } | null,
): string {
  if (work) {
    const place = work.total > 1 ? ` (${work.position} of ${work.total})` : '';
    return `Analysing ${isolated(work.name)}${place}: ${stageText(work.stage)}`;
  }
  if (!shown) return '';
  if (shown.status === 'failed') return `${isolated(shown.name)} could not be analysed`;
  if (shown.status === 'cancelled') return `${isolated(shown.name)} was cancelled`;
  return `${isolated(shown.name)}: ${shown.layerCount} layers, ${shown.filterCount} filters analysed`;
}
