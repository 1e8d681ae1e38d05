import { existsSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, chromiumPath } from './tools/chromium.mjs';
import { dawnAdapter } from './tools/dawn.mjs';
import { wasmKernels } from './tools/vite-wasm-kernels.ts';

const dawn = dawnAdapter();
const shared = existsSync('../shared/models');
if (!shared) console.warn('../shared is absent: tests on its models are skipped.');

export default defineConfig({
  plugins: [svelte(), wasmKernels()],
  define: { __APP_VERSION__: JSON.stringify('0.0.0-test') },
  /* Found only while tests run otherwise, which reloads the page under them. */
  optimizeDeps: { include: ['onnx-proto'] },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['unit/**/*.test.ts'],
          exclude: ['unit/**/*.browser.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      ...(dawn
        ? [
            {
              extends: true as const,
              test: {
                name: 'dawn',
                include: ['unit/compute/webgpu/*.browser.test.ts'],
                setupFiles: ['unit/compute/webgpu/dawn-setup.ts'],
                environment: 'node',
                pool: 'forks' as const,
                testTimeout: 120_000,
              },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['unit/**/*.browser.test.ts'],
          testTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGS } }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
