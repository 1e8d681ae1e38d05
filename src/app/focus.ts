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

/** At once where it is on the page, so that what is typed next lands in it; else once its part of the page is built. */
export function focusWhenThere(id: string, framesLeft = 120): void {
  const element = document.getElementById(id);
  if (element) element.focus();
  else if (framesLeft > 0) requestAnimationFrame(() => focusWhenThere(id, framesLeft - 1));
}
