/**
 * The CPU kernels on the 3x3 filters of ResNet-18 (1.22 million), on one core of headless Chromium: plain loops and
 * WebAssembly SIMD. `node bench/kernels.mjs`; `-- --rounds 30` and more on a busy machine. The two take turns and
 * the best round counts, so that other work on the machine counts little.
 */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { CHROMIUM_ARGS, chromiumPath } from '../tools/chromium.mjs';

const argument = process.argv.indexOf('--rounds');
const ROUNDS = argument > 0 ? Number(process.argv[argument + 1]) : 10;

/** Runs in the page: best milliseconds of each verb in each build, and the multiply-adds of the Gram matrices. */
async function measure(rounds) {
  const { loops } = await import('/src/compute/cpu/loops.ts');
  const { createSimdKernels } = await import('/src/compute/cpu/simd-kernels.ts');
  const { basisFromMoments, offsets } = await import('/src/analysis/pca.ts');
  const { layerMomentsReference } = await import('/src/analysis/filters.ts');
  const { createRandom } = await import('/src/analysis/random.ts');

  /** [C_out, C_in, how many layers] */
  const shapes = [
    [64, 64, 4],
    [128, 64, 1],
    [128, 128, 3],
    [256, 128, 1],
    [256, 256, 3],
    [512, 256, 1],
    [512, 512, 3],
  ];
  const taps = 9;
  const random = createRandom(1);
  const layers = shapes.flatMap(([rows, columns, times]) =>
    Array.from({ length: times }, () => {
      const x = Float32Array.from({ length: rows * columns * taps }, () => random.normal() * 0.05);
      return { rows, x, peaks: loops.peaks(x, taps), scales: new Float64Array(rows).fill(1) };
    }),
  );
  const sample = { values: layers[0].x, count: layers[0].x.length / taps, taps };
  const basis = basisFromMoments(layerMomentsReference(sample, { sparsityEpsilon: 0.01 }).scaled);
  const shifts = new Float64Array(2 * taps);
  const projection = ({ x, peaks }) => ({
    x,
    peaks,
    components: basis.components,
    offsets: offsets(basis),
  });
  const verbs = {
    peaks: (kernels, { x }) => kernels.peaks(x, taps),
    moments: (kernels, { x, peaks }) => kernels.moments(x, peaks, shifts, 0.001),
    range: (kernels, layer) => kernels.range(projection(layer)),
    histogram: (kernels, layer) => kernels.histogram(projection(layer), -3, 3, 70 * 16),
    density: (kernels, layer) => kernels.density(projection(layer), 0, 1, 512, 3.3),
    'row squares': (kernels, { x, rows }) => kernels.rowSquares(x, rows),
    'row gram': (kernels, { x, scales }) => kernels.rowGram(x, scales, 0),
  };
  const simd = await createSimdKernels();
  const best = {};
  const time = (verb, build, kernels) => {
    const start = performance.now();
    for (const layer of layers) verbs[verb](kernels, layer);
    const entry = (best[verb] ??= {});
    entry[build] = Math.min(entry[build] ?? Infinity, performance.now() - start);
  };
  for (const verb of Object.keys(verbs)) {
    time(verb, 'loops', loops);
    for (let round = 0; round < rounds; round++) {
      time(verb, 'simd', simd);
    }
  }
  const products = layers.reduce((sum, { rows, x }) => sum + (rows * x.length) / 2, 0);
  return { best, products, filters: layers.reduce((sum, { peaks }) => sum + peaks.length, 0) };
}

const server = await createServer({ server: { port: 0 }, appType: 'custom', logLevel: 'error' });
await server.listen();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  const page = await browser.newPage();
  await page.goto(`${server.resolvedUrls.local[0]}src/compute/kernels.ts`);
  const { best, products, filters } = await page.evaluate(measure, ROUNDS);
  const table = Object.entries(best).map(([verb, { loops, simd }]) => ({
    verb,
    'loops (once)': loops.toFixed(1),
    SIMD: simd.toFixed(1),
  }));
  console.log(`${filters} filters of 3x3, Chromium ${browser.version()}, milliseconds on one core`);
  console.table(table);
  const rate = (ms) => (products / ms / 1e6).toFixed(1);
  console.log(`row gram: ${rate(best['row gram'].simd)} G multiply-adds/s`);
} finally {
  await browser.close();
  await server.close();
}
