import { isolated } from '../domain/text';
import type { AppState } from '../state/app-state.svelte';
import { THEMES } from '../state/settings.svelte';
import { VIEWS } from '../views';

export interface Command {
  id: string;
  group: 'Command' | 'View' | 'Model' | 'Layer';
  label: string;
  /** As printed in the list of keys. */
  keys?: string;
  run: () => void | Promise<void>;
}

/** What the page itself can do, beside what the state offers. */
export interface ShellActions {
  open: () => void;
  exportJson: () => void | Promise<void>;
  exportCsv: () => void;
  showPalette: () => void;
  showKeys: () => void;
  showSettings: () => void;
  showCite: () => void;
  find: () => void;
}

/** What the palette lists beside the layers: commands, views, models. */
export function allCommands(app: AppState, shell: ShellActions): Command[] {
  const { entry, library, samples } = app;
  const commands: Command[] = [
    { id: 'open', group: 'Command', label: 'Open models…', keys: 'Ctrl O', run: shell.open },
    { id: 'keys', group: 'Command', label: 'List of keys', keys: '?', run: shell.showKeys },
    { id: 'settings', group: 'Command', label: 'Settings', run: shell.showSettings },
    { id: 'cite', group: 'Command', label: 'How to cite', run: shell.showCite },
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      group: 'Command' as const,
      label: `Theme: ${theme}`,
      run: () => app.settings.setTheme(theme),
    })),
  ];
  if (library.working) {
    commands.push({
      id: 'cancel',
      group: 'Command',
      label: 'Cancel the analysis',
      run: () => library.cancel(),
    });
  }
  if (library.removals.length > 0) {
    commands.push({
      id: 'undo',
      group: 'Command',
      label: 'Undo remove',
      keys: 'Ctrl Z',
      run: () => app.undo(),
    });
  }
  if (entry) {
    commands.push(
      { id: 'find', group: 'Command', label: 'Find in the table of layers', keys: '/', run: shell.find },
      {
        id: 'remove',
        group: 'Command',
        label: `Remove ${isolated(entry.label)}`,
        run: () => app.remove(entry),
      },
    );
    if (entry.status === 'done') {
      commands.push(
        { id: 'json', group: 'Command', label: 'Export analysis (JSON)', run: shell.exportJson },
        { id: 'csv', group: 'Command', label: 'Export layers (CSV)', run: shell.exportCsv },
      );
    }
    for (const { id, title, key } of VIEWS) {
      commands.push({
        id: `view-${id}`,
        group: 'View',
        label: title,
        keys: key,
        run: () => app.route.go({ view: id }),
      });
    }
  }
  for (const model of library.entries) {
    commands.push({
      id: `model-${model.key}`,
      group: 'Model',
      label: model.label,
      run: () => app.show(model),
    });
  }
  for (const sample of samples.value ?? []) {
    commands.push({
      id: `sample-${sample.id}`,
      group: 'Model',
      label: `Sample: ${sample.title}`,
      run: () => library.openSamples([sample]),
    });
  }
  return commands;
}

/** Commands that go to layers whose label holds every word of the query, in file order; at most `limit`. */
export function layerCommands(app: AppState, query: string, limit = 60): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const commands: Command[] = [];
  for (const { index, label } of app.entry?.description?.layers ?? []) {
    if (commands.length === limit) break;
    const text = `layer ${label}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const run = () => app.route.go({ view: 'layer', layer: index });
    commands.push({ id: `layer-${index}`, group: 'Layer', label, run });
  }
  return commands;
}

/** Commands whose label holds every word of the query, those that start with it first; at most `limit`. */
export function matchCommands(commands: readonly Command[], query: string, limit = 60): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ label, group }) => {
    const text = `${group} ${label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const starts = (command: Command) =>
    Number(words.length > 0 && command.label.toLowerCase().startsWith(words[0]));
  return found.sort((a, b) => starts(b) - starts(a)).slice(0, limit);
}
