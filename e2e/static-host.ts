import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HEADERS } from '../tools/vite-csp';

export interface Host {
  url: string;
  close(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function listen(server: Server, folder = '/'): Promise<Host> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Serves what `origin` serves under `folder`, as a plain static host would: of the headers only the type goes along, and
 * those a host is asked to send where `headers` says so. What `missing` matches is not found, and `scripts` are served
 * beside the page.
 */
export function staticHost(
  origin: string,
  folder: string,
  {
    headers = false,
    missing = /(?!)/,
    scripts = {},
  }: { headers?: boolean; missing?: RegExp; scripts?: Record<string, string> } = {},
): Promise<Host> {
  const forwarded = ['Content-Type', ...(headers ? Object.keys(HEADERS) : [])];
  const server = createServer(async (request, response) => {
    const path = request.url!;
    if (!path.startsWith(folder) || missing.test(path)) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Not found</title>');
      return;
    }
    const name = path.slice(folder.length);
    const answer = await fetch(new URL(name, origin));
    const script = scripts[name.split('?')[0]];
    const sent = Object.fromEntries(forwarded.map((header) => [header, answer.headers.get(header) ?? '']));
    if (script !== undefined) sent['Content-Type'] = 'text/javascript';
    response.writeHead(answer.status, sent).end(script ?? Buffer.from(await answer.arrayBuffer()));
  });
  return listen(server, folder);
}
