import { existsSync } from 'node:fs';

/** Headless Chromium with WebGPU on SwiftShader, quiet about the network. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium already on the machine; undefined leaves the choice to Playwright's own download. */
export function chromiumPath() {
  const named = process.env.CHROMIUM_PATH;
  if (named && existsSync(named)) return named;
  return PLACES.find((place) => existsSync(place));
}
