import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import packageJson from './package.json' with { type: 'json' };
import { contentSecurityPolicy, HEADERS } from './tools/vite-csp.ts';
import { wasmKernels } from './tools/vite-wasm-kernels.ts';

export default defineConfig({
  base: './',
  plugins: [svelte(), wasmKernels(), contentSecurityPolicy()],
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  worker: { format: 'es', plugins: () => [wasmKernels()] },
  preview: { headers: HEADERS },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2048,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
