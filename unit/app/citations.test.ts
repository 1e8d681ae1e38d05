import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { citations } from '../../src/app/citations';

const all = citations('1.2.3');

test('Filterscope comes first, with its version', () => {
  expect(all[0]!.text).toContain('version 1.2.3');
  expect(all[0]!.bibtex).toContain('version = {1.2.3}');
});

test('every entry is BibTeX of a key of its own, with balanced braces', () => {
  const keys = all.map(({ bibtex }) => /^@\w+\{(\w+),\n/.exec(bibtex)?.[1]);
  expect(keys).not.toContain(undefined);
  expect(new Set(keys).size).toBe(all.length);
  for (const { bibtex } of all) {
    expect(bibtex.split('{').length).toBe(bibtex.split('}').length);
  }
});

test('CITATION.cff names the version of the package', () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
});
