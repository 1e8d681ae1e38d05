import { tick } from 'svelte';

/** What had the focus may be gone once the page has changed; then the first of these that is there takes it. */
export async function keepFocus(...selectors: string[]): Promise<void> {
  await tick();
  if (document.activeElement && document.activeElement !== document.body) return;
  for (const selector of selectors) {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) return element.focus({ preventScroll: true });
  }
}
