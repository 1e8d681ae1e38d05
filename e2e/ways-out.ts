import { createSocket, type Socket } from 'node:dgram';
import { createServer, type IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { listen } from './static-host';

/** Addresses of another origin; what is sent to `http` names its way in the path, the others are one way each. */
export interface Addresses {
  http: string;
  webrtc: number;
  webtransport: number;
}

export interface Elsewhere {
  addresses: Addresses;
  /** The ways by which anything arrived. */
  reached: Set<string>;
  close(): Promise<void>;
}

/** A script that sends from wherever it runs to the address in its own query. */
export const PROBE_SCRIPT = 'fetch(decodeURIComponent(location.search.slice(1)), { mode: "no-cors" });';

/** Another origin that counts what arrives: requests, sockets and datagrams. */
export async function elsewhere(): Promise<Elsewhere> {
  const reached = new Set<string>();
  const arrival = ({ url }: IncomingMessage) => {
    const way = url!.slice(1).split('?')[0];
    // A browser asks for it wherever it went.
    if (way !== 'favicon.ico') reached.add(way);
  };
  const server = createServer((request, response) => {
    arrival(request);
    response
      .writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' })
      .end('export {};');
  });
  server.on('upgrade', (request, socket) => {
    arrival(request);
    socket.end();
  });
  const http = await listen(server);
  const [webrtc, webtransport] = await Promise.all([
    datagrams(() => reached.add('webrtc')),
    datagrams(() => reached.add('webtransport')),
  ]);
  return {
    addresses: {
      http: http.url,
      webrtc: webrtc.address().port,
      webtransport: webtransport.address().port,
    },
    reached,
    async close() {
      for (const closing of [webrtc, webtransport]) closing.close();
      await http.close();
    },
  };
}

async function datagrams(onArrival: () => void): Promise<Socket> {
  const socket = createSocket('udp4', onArrival);
  await new Promise<void>((resolve) => socket.bind(0, '0.0.0.0', resolve));
  return socket;
}

/** Runs in a page: tries every way out of it that leaves the page where it is; their names. */
export async function sendFromPage({ http, webrtc, webtransport }: Addresses): Promise<string[]> {
  function element(tag: string, properties: Record<string, string>): void {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      made.setAttribute(name, value);
    }
    document.body.append(made);
  }
  const link = (rel: string, href: string, more = {}) => element('link', { rel, href, ...more });
  const probe = (way: string) => `./probe.js?${encodeURIComponent(http + way)}`;
  const blob = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(`${http}fetch`, { mode: 'no-cors' }),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open('GET', `${http}xhr`);
      request.send();
    },
    beacon: () => navigator.sendBeacon(`${http}beacon`),
    'event-source': () => new EventSource(`${http}event-source`),
    'web-socket': () => new WebSocket(`${http.replace('http', 'ws')}web-socket`),
    webtransport: () => new WebTransport(`https://127.0.0.1:${webtransport}/`).ready,
    async webrtc() {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${webrtc}` }] });
      connection.createDataChannel('way');
      await connection.setLocalDescription();
    },
    image: () => (new Image().src = `${http}image`),
    'svg-image': () => {
      const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
      image.setAttribute('href', `${http}svg-image`);
      document.body.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg')).append(image);
    },
    video: () => element('video', { src: `${http}video` }),
    'css-image': () => (document.body.style.backgroundImage = `url(${http}css-image)`),
    'css-import': () => {
      const style = document.createElement('style');
      style.textContent = `@import '${http}css-import';`;
      document.head.append(style);
    },
    stylesheet: () => link('stylesheet', `${http}stylesheet`),
    font: () => new FontFace('way', `url(${http}font)`).load(),
    script: () => element('script', { src: `${http}script` }),
    import: () => import(/* @vite-ignore */ `${http}import`),
    'inline-script': () => {
      const script = document.createElement('script');
      script.textContent = `fetch('${http}inline-script', { mode: 'no-cors' })`;
      document.body.append(script);
    },
    'inline-handler': () => {
      const holder = document.createElement('div');
      holder.innerHTML = `<img src="data:," onerror="fetch('${http}inline-handler', { mode: 'no-cors' })">`;
    },
    eval: () => (0, eval)(`fetch('${http}eval', { mode: 'no-cors' })`),
    worker: () => new Worker(probe('worker')),
    'blob-worker': () => new Worker(blob(`fetch('${http}blob-worker', { mode: 'no-cors' })`)),
    'shared-worker': () => new SharedWorker(probe('shared-worker')),
    'service-worker': () => navigator.serviceWorker.register(probe('service-worker')),
    frame: () => element('iframe', { src: `${http}frame` }),
    'frame-document': () => element('iframe', { srcdoc: `<img src="${http}frame-document">` }),
    object: () => element('object', { data: `${http}object` }),
    embed: () => element('embed', { src: `${http}embed` }),
    preload: () => link('preload', `${http}preload`, { as: 'image' }),
    'module-preload': () => link('modulepreload', `${http}module-preload`),
    prefetch: () => link('prefetch', `${http}prefetch`),
    'form-in-frame': () => {
      element('iframe', { name: 'target' });
      element('form', { action: `${http}form-in-frame`, target: 'target' });
      document.querySelector('form')!.submit();
    },
    ping: () => {
      const anchor = document.createElement('a');
      anchor.href = '#';
      anchor.ping = `${http}ping`;
      anchor.click();
    },
  };
  await Promise.allSettled(Object.values(ways).map(async (send) => send()));
  return Object.keys(ways).sort();
}

/** Runs in a classic worker: tries every way out of it; their names. */
export async function sendFromWorker({ http, webtransport }: Addresses): Promise<string[]> {
  const blob = (code: string) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(`${http}fetch`, { mode: 'no-cors' }),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open('GET', `${http}xhr`);
      request.send();
    },
    'event-source': () => new EventSource(`${http}event-source`),
    'web-socket': () => new WebSocket(`${http.replace('http', 'ws')}web-socket`),
    webtransport: () => new WebTransport(`https://127.0.0.1:${webtransport}/`).ready,
    import: () => import(/* @vite-ignore */ `${http}import`),
    'import-scripts': () =>
      (self as unknown as { importScripts(url: string): void }).importScripts(`${http}import-scripts`),
    font: () => new FontFace('way', `url(${http}font)`).load(),
    eval: () => (0, eval)(`fetch('${http}eval', { mode: 'no-cors' })`),
    'blob-worker': () => new Worker(blob(`fetch('${http}blob-worker', { mode: 'no-cors' })`)),
  };
  await Promise.allSettled(Object.values(ways).map(async (send) => send()));
  return Object.keys(ways).sort();
}

/** Ways that take a page, or a new one, elsewhere: each runs in a page of its own. */
export const LEAVING: Record<string, (url: string) => void> = {
  navigation: (url) => void location.assign(url),
  'meta-refresh': (url) => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'refresh';
    meta.content = `0; url=${url}`;
    document.head.append(meta);
  },
  'pop-up': (url) => void window.open(url),
  'link-in-new-tab': (url) => {
    const anchor = document.createElement('a');
    Object.assign(anchor, { href: url, target: '_blank' });
    anchor.click();
  },
  download: (url) => {
    const anchor = document.createElement('a');
    Object.assign(anchor, { href: url, download: 'way' });
    anchor.click();
  },
  form: (url) => {
    const form = document.createElement('form');
    Object.assign(form, { action: url, method: 'post' });
    document.body.append(form);
    form.submit();
  },
};

/** Tries each of `LEAVING` from a page of its own at `address`. */
export async function sendByLeaving(page: Page, address: string, { http }: Addresses): Promise<string[]> {
  for (const [way, send] of Object.entries(LEAVING)) {
    const own = await page.context().newPage();
    await own.goto(address);
    // The page may be gone before it can answer.
    await own.evaluate(send, `${http}${way}`).catch(() => undefined);
    await own.waitForTimeout(500);
    await own.close();
  }
  return Object.keys(LEAVING).sort();
}
