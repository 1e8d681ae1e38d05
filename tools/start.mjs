import { checkNode, installDependencies, ROOT, run } from './setup.mjs';

checkNode();
const port = Number(process.env.PORT || 4173);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`PORT must be a number from 1 to 65535; this is ${process.env.PORT}.`);
  process.exit(1);
}
installDependencies();
console.log('Building the page ...');
if (!run('npm', ['run', '--silent', 'build', '--', '--logLevel', 'error'])) {
  console.error('The page could not be built; the reason stands above.');
  process.exit(1);
}
// In this process, so that ending it ends the server.
const { preview } = await import('vite');
const server = await preview({ root: ROOT, preview: { port, host: process.env.HOST } });
server.printUrls();
console.log('  Ctrl-C ends it.');
