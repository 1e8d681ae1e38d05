import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { preview } from 'vite';
import { installBrowser, ROOT } from '../tools/setup.mjs';
import { measureDrop } from './browser.mjs';
import { RESNET18, weightBytes, writeModel } from './model.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    models: { type: 'string', default: 'resnet18,resnet18x10' },
  },
});
const RUNS = Number(options.runs);
const OUT = join(ROOT, 'bench', 'out');
const MODELS = [
  { name: 'resnet18', shapes: RESNET18, runs: RUNS },
  { name: 'resnet18x10', shapes: Array(10).fill(RESNET18).flat(), runs: Math.min(RUNS, 3) },
].filter(({ name }) => options.models.split(',').includes(name));

/** The run of median overview time. */
function median(runs) {
  return runs.sort((a, b) => a.overview - b.overview)[Math.floor(runs.length / 2)];
}

function pipeline(path, runs) {
  const python = ['/usr/bin/python3', 'python3'].find(
    (command) => spawnSync(command, ['-c', 'import numpy, scipy, sklearn, onnx']).status === 0,
  );
  if (!python) return null;
  const seconds = Array.from({ length: runs }, () => {
    const { stdout } = spawnSync(python, [join(ROOT, 'bench', 'pipeline.py'), path], { encoding: 'utf8' });
    return JSON.parse(stdout).seconds;
  });
  return seconds.sort((a, b) => a.total - b.total)[Math.floor(runs / 2)];
}

installBrowser();
mkdirSync(OUT, { recursive: true });
const server = await preview({ root: ROOT, preview: { port: 4199, strictPort: true } });
const url = server.resolvedUrls.local[0];
const report = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  results: [],
};
try {
  for (const { name, shapes, runs } of MODELS) {
    const path = join(OUT, `${name}.onnx`);
    await writeModel(path, shapes);
    const weights = weightBytes(shapes);
    const reference = pipeline(path, runs);
    if (reference) console.log(name, 'pipeline', JSON.stringify(reference));
    for (const backend of options.backends.split(',')) {
      const measured = [];
      for (let i = 0; i < runs; i++) measured.push(await measureDrop(`${url}#backend=${backend}`, path));
      const result = median(measured);
      const row = {
        model: name,
        backend,
        // Other work on the machine counts: above the number of cores, times say little.
        load: loadavg()[0],
        ...result,
        memoryPerWeight: (result.memoryPeak - result.memoryBefore) / weights,
        pipeline: reference,
        speedup: reference ? reference.total / result.overview : null,
        // The last stage is the one the pipeline has no counterpart of.
        speedupWithoutOrthogonality: reference
          ? reference.total / (result.overview - result.stages.orthogonality)
          : null,
      };
      report.results.push(row);
      console.log(name, JSON.stringify(row));
    }
  }
} finally {
  await server.close();
}
writeFileSync(join(OUT, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
