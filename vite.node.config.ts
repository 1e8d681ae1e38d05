import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { wasmKernels } from './tools/vite-wasm-kernels.ts';

/** The analysis for Node, with all it needs in one folder. */
export default defineConfig({
  plugins: [wasmKernels()],
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  ssr: { noExternal: true },
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist-node',
    target: 'node20',
    rolldownOptions: {
      input: { analyse: 'src/node/analyse.ts', 'engine.thread': 'src/node/engine.thread.ts' },
      checks: { pluginTimings: false },
    },
  },
});
