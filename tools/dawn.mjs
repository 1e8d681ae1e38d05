import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PROBE = `
  const { create } = require('webgpu');
  create([]).requestAdapter().then((adapter) => {
    process.stdout.write(adapter?.info.description || adapter?.info.device || '');
    process.exit(0);
  });
`;

/**
 * The adapter that Node's own WebGPU (the package `webgpu`, Dawn) finds, by name; null where it is not installed or
 * finds none, with a line that says so.
 */
export function dawnAdapter() {
  if (!existsSync('node_modules/webgpu')) {
    console.warn('The package webgpu is not installed: GPU tests on a second driver are skipped.');
    return null;
  }
  try {
    const name = execFileSync(process.execPath, ['-e', PROBE], { encoding: 'utf8', timeout: 30_000 });
    if (name) return name;
  } catch {
    // Said below: the driver failed.
  }
  console.warn('Dawn finds no Vulkan driver that it can use: GPU tests on a second driver are skipped.');
  return null;
}
