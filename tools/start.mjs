import { checkNode, installDependencies, ROOT, run } from './setup.mjs';

checkNode();
installDependencies();
if (!run('npm', ['run', '--silent', 'build'])) process.exit(1);
// In this process, so that ending it ends the server.
const { preview } = await import('vite');
const port = Number(process.env.PORT ?? 4173);
const server = await preview({ root: ROOT, preview: { port, host: process.env.HOST } });
server.printUrls();
