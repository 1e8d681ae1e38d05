import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import asc from 'assemblyscript/asc';
import type { Plugin } from 'vite';

/**
 * Compiles `X.as.ts?wasm` (AssemblyScript) and gives the importing module the binary as a base64 default export.
 * The kernels are a few kilobytes, so inlining them saves a request and keeps Node, workers and the page on one path.
 */
export function wasmKernels(): Plugin {
  return {
    name: 'filterscope:wasm-kernels',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (!path?.endsWith('.as.ts') || query !== 'wasm') return null;
      this.addWatchFile(path);
      const source = await readFile(path, 'utf8');
      const name = basename(path);
      let binary: Uint8Array | undefined;
      const { error, stderr } = await asc.main(
        [name, '--outFile', 'kernel.wasm', '-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub'],
        {
          readFile: (file) => (file === name ? source : null),
          writeFile: (file, contents) => {
            if (file === 'kernel.wasm') binary = contents as Uint8Array;
          },
          listFiles: () => [],
        },
      );
      if (error || !binary) throw new Error(`${name} does not compile:\n${stderr.toString()}`);
      return `export default ${JSON.stringify(Buffer.from(binary).toString('base64'))};`;
    },
  };
}
