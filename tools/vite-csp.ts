import type { Plugin } from 'vite';

/**
 * What the page may do, enforced by the browser from a meta element on any host. Workers start from blobs only, because
 * those inherit the policy; one started from its own address would follow the headers of that response alone.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types filterscope-worker svelte-trusted-html',
];

/** What the browser takes from a header only. */
const HEADER_POLICY = [
  ...POLICY,
  "frame-ancestors 'none'",
  'sandbox allow-scripts allow-same-origin allow-downloads',
];

const UNUSED_FEATURES = [
  'camera',
  'display-capture',
  'geolocation',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
];

/** The response headers a host should send with every file: the policy again, and what closes the ways it leaves open. */
export const HEADERS = {
  'Content-Security-Policy': HEADER_POLICY.join('; '),
  'Connection-Allowlist': '(response-origin)',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': UNUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The headers as hosts read them: Netlify and Cloudflare Pages, and a file for nginx to include. */
const HEADER_FILES = {
  _headers: `/*\n${lines((name, value) => `  ${name}: ${value}`)}`,
  'headers.nginx.conf': lines((name, value) => `add_header ${name} "${value}" always;`),
};

function lines(line: (name: string, value: string) => string): string {
  return Object.entries(HEADERS)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('');
}

/** Puts the policy into the built page and the header files beside it; the dev server needs inline scripts and goes without. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'filterscope:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      for (const [fileName, source] of Object.entries(HEADER_FILES)) {
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}
