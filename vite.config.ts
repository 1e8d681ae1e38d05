import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { contentSecurityPolicy, HEADERS } from './tools/vite-csp.ts';
import { preloadWorker } from './tools/vite-preload-worker.ts';
import { wasmKernels } from './tools/vite-wasm-kernels.ts';

/** Has V8 compile everything while it loads, off the main thread, instead of in the middle of the first analysis. */
const output = { postBanner: '//# allFunctionsCalledOnLoad' };

export default defineConfig({
  base: './',
  plugins: [svelte(), wasmKernels(), contentSecurityPolicy(), preloadWorker('analysis.worker')],
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  /* One self-contained classic script a worker: started from its bytes alone, by browsers without module workers too. */
  worker: {
    format: 'iife',
    plugins: () => [wasmKernels()],
    rolldownOptions: { output: { ...output, strict: true } },
  },
  preview: { headers: HEADERS },
  /* Imported by workers, so found late: the page would reload under the first model of a fresh checkout. */
  optimizeDeps: {
    include: [
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu',
      '@tensorflow/tfjs-core',
      'onnx-proto',
    ],
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2048,
    rolldownOptions: { output, checks: { pluginTimings: false } },
  },
});
