import type { AppState } from '../state/app-state.svelte';
import { VIEWS } from '../views';
import type { ShellActions } from './commands';

/** The list that ? shows; kept beside the handler it describes. */
export const KEY_LIST: readonly [keys: string, what: string][] = [
  ['Ctrl or ⌘ + O', 'Open models'],
  ['Ctrl or ⌘ + K', 'Palette: every command, layer and model'],
  ['Ctrl or ⌘ + Z', 'Bring back the model removed last'],
  ['Ctrl or ⌘ + V', 'Open copied files'],
  ...VIEWS.map(({ key, title }): [string, string] => [key, `View: ${title}`]),
  ['/', 'Find in the table of layers'],
  ['↑ ↓ ← →', 'Move in tables, menus and mosaics'],
  ['[ and ]', 'Previous and next layer'],
  ['Enter', 'Open the layer, pin the kernel'],
  ['Esc', 'Close'],
  ['?', 'This list'],
];

/** Keys that work everywhere on the page. */
export function handleKey(
  event: KeyboardEvent,
  app: AppState,
  shell: ShellActions,
  dialogOpen: boolean,
): void {
  if (event.defaultPrevented) return;
  const action =
    event.ctrlKey || event.metaKey ? chord(event, app, shell) : single(event, app, shell, dialogOpen);
  if (!action) return;
  event.preventDefault();
  action();
}

type Action = (() => void) | null;

function chord(event: KeyboardEvent, app: AppState, shell: ShellActions): Action {
  if (event.altKey || event.shiftKey) return null;
  switch (event.key.toLowerCase()) {
    case 'o':
      return shell.open;
    case 'k':
      return shell.showPalette;
    case 'z':
      return !isTyping(event.target) && app.library.removals.length > 0 ? () => app.undo() : null;
    default:
      return null;
  }
}

function single(event: KeyboardEvent, app: AppState, shell: ShellActions, dialogOpen: boolean): Action {
  if (event.altKey || dialogOpen) return null;
  if (event.key === 'Escape') return closeDetails(event.target);
  if (isTyping(event.target)) return null;
  if (event.key === '?') return shell.showKeys;
  if (!app.entry) return null;
  const view = VIEWS.find(({ key }) => key === event.key);
  if (view) return () => app.route.go({ view: view.id });
  switch (event.key) {
    case '/':
      return shell.find;
    case '[':
      return () => app.stepLayer(-1);
    case ']':
      return () => app.stepLayer(1);
    default:
      return null;
  }
}

/** What is unfolded around the focus is folded again, and its summary has the focus. */
function closeDetails(target: EventTarget | null): Action {
  const details = target instanceof Element ? target.closest<HTMLDetailsElement>('details[open]') : null;
  if (!details) return null;
  return () => {
    details.open = false;
    details.querySelector('summary')?.focus();
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=range]), textarea, select, [contenteditable]')
  );
}
