import { expect, test } from 'vitest';
import { Settings } from '../../src/state/settings.svelte';

function storage(initial: string | null) {
  let text = initial;
  return { getItem: () => text, setItem: (_: string, value: string) => void (text = value) };
}

test('keeps choices, ignores what it does not know', () => {
  const shelf = storage('{"theme":"dark","backend":"quantum"}');
  const settings = new Settings(() => shelf);
  expect([settings.theme, settings.backend]).toEqual(['dark', 'automatic']);
  settings.setBackend('cpu');
  expect(new Settings(() => shelf).backend).toBe('cpu');
});

test.each(['not json', 'null', '[]', '7'])('stored %s is the default', (text) => {
  expect(new Settings(() => storage(text)).theme).toBe('system');
});

test('works where storage is refused', () => {
  const settings = new Settings(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  settings.setTheme('light');
  expect(settings.theme).toBe('light');
});
