import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAst } from 'vite';
import { ROOT } from './setup.mjs';

/** Bytes of JavaScript, as gzip sends them, that the first screen may need. */
const MOST_BYTES = 120_000;

/** The scripts of a built page that load before it works: its entries and all that they import statically, with gzip sizes. */
export function firstScripts(dist) {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const found = new Map();
  const add = (path) => {
    if (found.has(path)) return;
    const code = readFileSync(path, 'utf8');
    found.set(path, gzipSync(code).length);
    for (const { source } of parseAst(code).body) {
      if (source) add(resolve(path, '..', source.value));
    }
  };
  for (const [tag] of html.matchAll(/<script\b[^>]*>|<link\b[^>]*\brel="modulepreload"[^>]*>/g)) {
    const address = /\b(?:src|href)="([^"]*)"/.exec(tag)?.[1];
    if (address) add(join(dist, address));
  }
  return [...found].map(([path, bytes]) => ({ file: relative(dist, path), bytes }));
}

/** Whether the built page keeps to the limit; prints its scripts. */
export function checkFirstLoad(dist = join(ROOT, 'dist')) {
  if (!existsSync(join(dist, 'index.html'))) {
    console.error('There is no build to measure.');
    return false;
  }
  const scripts = firstScripts(dist);
  const total = scripts.reduce((sum, { bytes }) => sum + bytes, 0);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  for (const { file, bytes } of scripts) console.log(`${file}: ${kilobytes(bytes)}`);
  console.log(
    `${kilobytes(total)} of JavaScript before the first screen works, ${kilobytes(MOST_BYTES)} at most.`,
  );
  return scripts.length > 0 && total <= MOST_BYTES;
}
