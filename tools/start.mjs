import { checkNode, installDependencies, run } from './setup.mjs';

checkNode();
installDependencies();
const port = process.env.PORT ?? '4173';
const ok =
  run('npm', ['run', '--silent', 'build']) &&
  run('npx', ['vite', 'preview', '--port', port, ...process.argv.slice(2)]);
process.exit(ok ? 0 : 1);
