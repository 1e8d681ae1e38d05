import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode, installBrowser, installDependencies, ROOT, run } from './setup.mjs';

checkNode();
installDependencies();
installBrowser();
// Needs the dependencies.
const { checkFirstLoad } = await import('./first-load.mjs');

const results = join(ROOT, 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };

/** Whether all of it passed. */
function step(title, work) {
  console.log(`\n== ${title}`);
  const { passed, failed, skipped = 0 } = work();
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  return failed === 0;
}

function verdict(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

function command(...args) {
  return verdict(run(...args));
}

/** Counts from a runner's JSON report; a runner that failed without one, or outside any test, counts as one failure. */
function reported(ok, file, count) {
  let counts;
  try {
    counts = count(JSON.parse(readFileSync(join(results, file), 'utf8')));
  } catch (error) {
    console.error(`No report in test-results/${file}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

step('lint', () => command('npm', ['run', '--silent', 'lint']));
step('format', () => command('npm', ['run', '--silent', 'format:check']));
step('types', () => command('npm', ['run', '--silent', 'types']));
step('unit tests', () => {
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=test-results/unit.json'];
  const ok = run('npx', ['vitest', 'run', ...reporters]);
  return reported(ok, 'unit.json', (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests,
  }));
});
const built = step('build', () => command('npm', ['run', '--silent', 'build']));
step('first JavaScript', () => ofBuild(() => verdict(checkFirstLoad())));
step('end-to-end tests', () =>
  ofBuild(() => {
    const ok = run('npx', ['playwright', 'test']);
    return reported(ok, 'e2e.json', ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }));
  }),
);

function ofBuild(work) {
  if (built) return work();
  console.error('Not run: there is no build to test.');
  return verdict(false);
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed > 0 ? 1 : 0);
