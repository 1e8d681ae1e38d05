import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VERDICTS } from '../../src/analysis/verdict-names';
import { toneOf } from '../../src/charts/verdict-tone';

test('words and marks of a verdict have one colour', () => {
  const css = readFileSync('src/app/base.css', 'utf8');
  const rules = [...css.matchAll(/((?:\[data-verdict='[\w-]+'\],?\s*)+)\{\s*color: var\(--([\w-]+)\)/g)];
  const colours = new Map(
    rules.flatMap(([, selectors, colour]) =>
      [...selectors.matchAll(/'([\w-]+)'/g)].map(([, name]): [string, string] => [name, colour]),
    ),
  );
  const expected = { bad: 'bad', warn: 'warn', good: 'good', neutral: 'ink-2' };
  expect(Object.fromEntries(colours)).toEqual(
    Object.fromEntries(VERDICTS.map((name) => [name, expected[toneOf(name)]])),
  );
});
