/**
 * Each verb of the CPU backend on the 3x3 filters of ResNet-18 (1.22 million), against the plain loops, in one run on one
 * core: `node bench/kernels.mjs`. Processor time, the better of three rounds, so that other work on the machine counts little.
 */
import { createServer } from 'vite';

/** [C_out, C_in, how many layers] */
const LAYERS = [
  [64, 64, 4],
  [128, 64, 1],
  [128, 128, 3],
  [256, 128, 1],
  [256, 256, 3],
  [512, 256, 1],
  [512, 512, 3],
];
const ROUNDS = 3;

const server = await createServer({ server: { middlewareMode: true }, appType: 'custom', logLevel: 'error' });
const { createCpuBackend } = await server.ssrLoadModule('/src/compute/cpu/create-cpu-backend.ts');
const { loops } = await server.ssrLoadModule('/src/compute/cpu/loops.ts');
const { basisFromMoments } = await server.ssrLoadModule('/src/analysis/pca.ts');
const { mergeMoments } = await server.ssrLoadModule('/src/analysis/moments.ts');
const { createRandom } = await server.ssrLoadModule('/src/analysis/random.ts');

const random = createRandom(1);
const layers = LAYERS.flatMap(([rows, columns, times]) =>
  Array.from({ length: times }, () => {
    const values = Float32Array.from({ length: rows * columns * 9 }, () => random.normal() * 0.05);
    return { rows, bank: { values, count: rows * columns, taps: 9 } };
  }),
);

async function processorMs(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function best(work) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) least = Math.min(least, await processorMs(work));
  return least;
}

const backend = await createCpuBackend();
const options = { sparsityEpsilon: 0.01 };
const pooled = [];
for (const { bank } of layers) pooled.push((await backend.layerMoments(bank, options)).scaled);
const basis = basisFromMoments(pooled.reduce(mergeMoments));
const range = [-3, 3];
const bins = 70 * 16;
const each = (work) => async () => {
  for (const layer of layers) await work(layer);
};

/** Only the smaller layers go through the loop that is slow, the time is scaled up. */
const gramWork = ({ rows, bank }) => (rows * rows * bank.values.length) / rows / 2;
const total = layers.map(gramWork).reduce((a, b) => a + b);
const small = layers.filter(({ rows }) => rows <= 128);
const share = small.map(gramWork).reduce((a, b) => a + b) / total;

const projection = ({ bank }) => ({
  x: bank.values,
  peaks: loops.peaks(bank.values, 9),
  components: basis.components,
  offsets: new Float64Array(9),
});
const rows = [
  [
    'layerMoments',
    each(({ bank }) => backend.layerMoments(bank, options)),
    each(({ bank }) => loops.moments(bank.values, loops.peaks(bank.values, 9), new Float64Array(18), 0.001)),
    1,
  ],
  [
    'orthogonality',
    each(({ bank, rows }) => backend.orthogonality(bank, rows)),
    async () => {
      for (const { bank, rows } of small) loops.rowGram(bank.values, new Float64Array(rows).fill(1), 0);
    },
    share,
  ],
  [
    'coefficientRange',
    each(({ bank }) => backend.coefficientRange(bank, basis)),
    each((layer) => loops.range(projection(layer))),
    1,
  ],
  [
    'coefficientHistogram',
    each(({ bank }) => backend.coefficientHistogram(bank, basis, range, bins)),
    each((layer) => loops.histogram(projection(layer), ...range, bins)),
    1,
  ],
  [
    'coefficientDensity',
    each(({ bank }) => backend.coefficientDensity(bank, basis, [0, 1], 512, 3.3)),
    each((layer) => loops.density(projection(layer), 0, 1, 512, 3.3)),
    1,
  ],
];
console.log(`${layers.reduce((sum, { bank }) => sum + bank.count, 0)} filters, ${backend.description}`);
let sum = 0;
for (const [name, fast, plain, part] of rows) {
  const first = await processorMs(fast);
  const fastMs = await best(fast);
  const plainMs = (await best(plain)) / part;
  if (name !== 'coefficientDensity') sum += fastMs;
  const gmacs = name === 'orthogonality' ? `  ${(total / fastMs / 1e6).toFixed(1)} G multiply-adds/s` : '';
  console.log(
    `${name.padEnd(22)}${fastMs.toFixed(1).padStart(8)} ms  first ${first.toFixed(1)} ms  loops ${plainMs.toFixed(1)} ms  ratio ${(plainMs / fastMs).toFixed(1)}${gmacs}`,
  );
}
console.log(`overview, all but density ${sum.toFixed(1).padStart(8)} ms on one core`);
await server.close();
