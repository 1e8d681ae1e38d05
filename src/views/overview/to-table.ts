import { isFlagged, VERDICTS } from '../../analysis/verdict-names';
import type { AppState } from '../../state/app-state.svelte';
import { NO_CHOICES } from '../../state/layer-table.svelte';
import type { ModelEntry } from '../../state/model-entry.svelte';

export const TABLE_TITLE_ID = 'layers-title';

/** Shows the layers of some verdicts in the table, most harm first, and goes there. */
export function showVerdicts(app: AppState, entry: ModelEntry, verdicts: readonly string[]): void {
  const { table } = entry.view;
  table.query = '';
  table.choices = { ...NO_CHOICES, verdict: verdicts };
  table.scrollTop = 0;
  app.route.go({ sort: { column: 'verdict', descending: false } }, true);
  const title = document.getElementById(TABLE_TITLE_ID);
  title?.scrollIntoView();
  title?.focus({ preventScroll: true });
}

/** Every flagged layer, in the table. */
export function showFlagged(app: AppState, entry: ModelEntry): void {
  const present = app.judge.count(entry).map(([name]) => name);
  showVerdicts(
    app,
    entry,
    VERDICTS.filter((name) => isFlagged(name) && present.includes(name)),
  );
}
