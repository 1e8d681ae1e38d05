import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

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
 * the policy's where `policy` says so. What `missing` matches is not found.
 */
export function staticHost(
  origin: string,
  folder: string,
  { policy = false, missing = /(?!)/ }: { policy?: boolean; missing?: RegExp } = {},
): Promise<Host> {
  const server = createServer(async (request, response) => {
    const path = request.url!;
    if (!path.startsWith(folder) || missing.test(path)) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Not found</title>');
      return;
    }
    const answer = await fetch(new URL(path.slice(folder.length), origin));
    const headers = ['content-type', ...(policy ? ['content-security-policy'] : [])];
    const sent = headers.map((name) => [name, answer.headers.get(name) ?? ''] as const);
    response.writeHead(answer.status, Object.fromEntries(sent)).end(Buffer.from(await answer.arrayBuffer()));
  });
  return listen(server, folder);
}
