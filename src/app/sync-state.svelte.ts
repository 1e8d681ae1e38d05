import type { AppState } from '../state/app-state.svelte';

/** A slider sends many values; layers are measured anew once it rests this long (milliseconds). */
const REST = 200;

/** Carries settings to where they take effect: theme to the page, backend and sparsity threshold to the worker. */
export function syncState(app: AppState): void {
  $effect(() => {
    const { theme } = app.settings;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });

  const backend = $derived(app.route.current.backend ?? app.settings.backend);
  $effect(() => {
    void app.backend.use(backend);
  });

  $effect(() => {
    const { sparsityEpsilon } = app.thresholds.current;
    const { entry } = app;
    if (!entry || entry.status !== 'done' || entry.sparsityEpsilon === sparsityEpsilon) return;
    const timer = setTimeout(() => {
      app.library.requalify(entry, sparsityEpsilon).catch((error: unknown) => app.report(error));
    }, REST);
    return () => clearTimeout(timer);
  });
}
