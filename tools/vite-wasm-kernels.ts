import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import asc from 'assemblyscript/asc';
import type { Plugin } from 'vite';

/**
 * Compiles `X.as.ts?wasm` (AssemblyScript, which may import its neighbours) and gives the importing module the binary as
 * base64. The kernels are a few kilobytes, so inlining them saves a request and keeps Node, workers and the page on one
 * path. One build, with plain SIMD: fused products would gain little and make results differ between engines.
 */
export function wasmKernels(): Plugin {
  return {
    name: 'filterscope:wasm-kernels',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (!path?.endsWith('.as.ts') || query !== 'wasm') return null;
      const watch = (file: string) => this.addWatchFile(file);
      return `export default ${JSON.stringify(await compile(path, watch))};`;
    },
  };
}

async function compile(path: string, watch: (file: string) => void): Promise<string> {
  const name = basename(path);
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [name, '--outFile', 'kernel.wasm', '-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub'],
    {
      readFile: (file) => {
        const source = join(dirname(path), file);
        if (!existsSync(source)) return null;
        watch(source);
        return readFileSync(source, 'utf8');
      },
      writeFile: (file, contents) => {
        if (file === 'kernel.wasm') binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`${name} does not compile:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}
