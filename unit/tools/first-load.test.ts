import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkFirstLoad, firstScripts } from '../../tools/first-load.mjs';

const ENTRY = `import{a}from"./a.js";import("./later.js");new URL("worker.js",import.meta.url);`;

let dist: string;

function script(name: string, code: string): void {
  writeFileSync(join(dist, 'assets', name), code);
}

beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockReturnValue();
  dist = mkdtempSync(join(tmpdir(), 'first-load-'));
  mkdirSync(join(dist, 'assets'));
  writeFileSync(
    join(dist, 'index.html'),
    '<script type="module" crossorigin src="./assets/index.js"></script><link rel="stylesheet" href="./a.css">',
  );
  script('index.js', ENTRY);
  script('a.js', 'export*from"./b.js";export const a=1;');
  script('b.js', 'import"./a.js";export const b=1;');
  script('later.js', `"${randomBytes(200_000).toString('hex')}"`);
  return () => vi.restoreAllMocks();
});

afterEach(() => rmSync(dist, { recursive: true }));

test('counts the entry and what it imports statically, once each', () => {
  const scripts = firstScripts(dist);
  expect(scripts.map(({ file }) => file)).toEqual(['assets/index.js', 'assets/a.js', 'assets/b.js']);
  expect(scripts[0].bytes).toBe(gzipSync(ENTRY).length);
  expect(checkFirstLoad(dist)).toBe(true);
});

test('fails above the limit, for a page without scripts, and without a build', () => {
  script('b.js', `"${randomBytes(110_000).toString('base64')}"`);
  expect(checkFirstLoad(dist)).toBe(true);
  script('b.js', `"${randomBytes(121_000).toString('base64')}"`);
  expect(checkFirstLoad(dist)).toBe(false);
  writeFileSync(join(dist, 'index.html'), '<!doctype html>');
  expect(checkFirstLoad(dist)).toBe(false);
  expect(checkFirstLoad(join(dist, 'absent'))).toBe(false);
});
