import { expect, test } from 'vitest';
import { contentSecurityPolicy, HEADERS } from '../../tools/vite-csp';

/** The files that the build writes beside the page. */
function headerFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  const { generateBundle } = contentSecurityPolicy() as unknown as {
    generateBundle(this: { emitFile(file: { fileName: string; source: string }): void }): void;
  };
  generateBundle.call({ emitFile: ({ fileName, source }) => (files[fileName] = source) });
  return files;
}

test('every header is in the files for hosts, in their syntax', () => {
  const { _headers: netlify, 'headers.nginx.conf': nginx } = headerFiles();
  expect(netlify.trimEnd().split('\n')).toEqual([
    '/*',
    ...Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`),
  ]);
  const directives = nginx.trimEnd().split('\n');
  expect(directives).toHaveLength(Object.keys(HEADERS).length);
  const read = directives.map((line) => /^add_header (\S+) "([^"$\\]*)" always;$/.exec(line)!.slice(1));
  expect(Object.fromEntries(read)).toEqual(HEADERS);
});

test('the policy loosens nothing by an unsafe word but WebAssembly', () => {
  expect(HEADERS['Content-Security-Policy'].match(/'[\w-]*unsafe[\w-]*'/g)).toEqual(["'wasm-unsafe-eval'"]);
  expect(HEADERS['Content-Security-Policy']).not.toMatch(/https?:|\*/);
});
