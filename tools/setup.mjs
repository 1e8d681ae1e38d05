import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './chromium.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in the project's root with its output shown; true where it succeeded. */
export function run(command, args, options = {}) {
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell, ...options });
  return status === 0;
}

/** What Vite and ESLint ask for: not Node 21 nor the first releases of 22. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19)) return;
  console.error(`Filterscope needs Node 20.19, or 22.13 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the locked dependencies where they are missing or older than the lock file. */
export function installDependencies() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && sameVersions(installed)) return;
  console.log('Installing dependencies ...');
  if (!run('npm', ['ci', '--no-audit', '--no-fund'])) {
    console.error('The dependencies could not be installed; npm says why above.');
    process.exit(1);
  }
}

function sameVersions(installed) {
  const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const wanted = packagesIn(join(ROOT, 'package-lock.json'));
  const have = packagesIn(installed);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

/**
 * A Chromium already there, else Playwright's download with the libraries it needs, else Debian's package. Only root installs
 * for the whole system; for other users the commands are printed.
 */
export function installBrowser() {
  if (chromiumPath() || playwrightChromiumRuns()) return;
  console.log('Installing a browser for the tests ...');
  const downloaded = run('npx', ['playwright', 'install', 'chromium']);
  if (downloaded && playwrightChromiumRuns()) return;
  const commands = [
    ...(downloaded ? [['npx', 'playwright', 'install-deps', 'chromium']] : []),
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', 'chromium'],
  ];
  if (process.getuid?.() === 0) {
    for (const [command, ...args] of commands) {
      if (run(command, args) && (chromiumPath() || playwrightChromiumRuns())) return;
    }
  }
  console.error(
    downloaded
      ? 'The browser for the tests lacks libraries of the system. This installs them:\n  sudo npx playwright install-deps chromium'
      : 'No browser for the tests could be downloaded. This installs one on Debian:\n  sudo apt-get install -y chromium',
  );
  console.error('Then run the tests again. CHROMIUM_PATH names a Chromium that lies elsewhere.');
  process.exit(1);
}

/** Whether Playwright's browser is there and finds its libraries: on a bare machine the download alone does not run. */
function playwrightChromiumRuns() {
  const { chromium } = createRequire(join(ROOT, 'package.json'))('playwright');
  const path = chromium.executablePath();
  if (!existsSync(path)) return false;
  // Windows needs no libraries, and its Chromium opens a window instead of printing a version.
  return process.platform === 'win32' || spawnSync(path, ['--version']).status === 0;
}
