import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modelReport } from '../src/analysis/report';
import { USUAL } from '../src/analysis/usual';
import { isFlagged, rankOf, type VerdictName } from '../src/analysis/verdict-names';
import { DEFAULT_THRESHOLDS } from '../src/domain/thresholds';
import { analyseFile } from './support/analyse';

interface Said {
  label: string;
  filters: number;
  verdict: VerdictName;
}

async function verdictsOf(path: string): Promise<Said[]> {
  const { result } = await analyseFile(path);
  const { layers } = modelReport(result, DEFAULT_THRESHOLDS);
  return result.description.layers.map(({ label, index }) => ({
    label,
    filters: result.layers[index].filterCount,
    verdict: layers[index]!.verdicts[0].name as VerdictName,
  }));
}

const STARTS: VerdictName[] = ['looks-untrained', 'near-random'];

function startsAmong(said: readonly Said[]): Said[] {
  return said.filter(({ verdict }) => STARTS.includes(verdict));
}

describe('bundled samples', () => {
  const { models }: { models: { id: string; file: string; training: string }[] } = JSON.parse(
    readFileSync('public/samples/manifest.json', 'utf8'),
  );
  const faulty = ['fractal-resnet-untrained', 'fractal-resnet-random-labels', 'fractal-wide-degenerate'];
  const trained = models.filter(({ id }) => !faulty.includes(id));

  test('no layer of a trained one is called untrained or random, and the share flagged is what is called usual', async () => {
    const all: Said[] = [];
    for (const { file } of trained) all.push(...(await verdictsOf(`public/samples/${file}`)));
    expect(startsAmong(all)).toEqual([]);
    const judged = all.filter(({ verdict }) => rankOf(verdict) !== 'unjudged' && verdict !== 'designed');
    expect({
      models: trained.length,
      layers: judged.length,
      flagged: judged.filter(({ verdict }) => isFlagged(verdict)).length,
    }).toEqual(USUAL);
  });

  test('every layer of the untrained one that is large enough looks untrained', async () => {
    const said = await verdictsOf('public/samples/fractal-resnet-untrained.onnx');
    const large = said.filter(({ filters, verdict }) => filters >= 256 && verdict !== 'pointwise');
    expect(large.length).toBe(6);
    expect(large.map(({ verdict }) => verdict)).toEqual(large.map(() => 'looks-untrained'));
  });

  test('the one trained on random labels is trained in most layers', async () => {
    const said = await verdictsOf('public/samples/fractal-resnet-random-labels.onnx');
    expect(said.filter(({ verdict }) => verdict === 'random-but-trained').length).toBe(4);
    expect(startsAmong(said).length).toBe(1);
  });
});

const REAL = '../shared/models/onnx';

describe.skipIf(!existsSync(REAL))('real models', () => {
  test.each(existsSync(REAL) ? readdirSync(REAL) : [])(
    '%s: no trained layer is called untrained or random',
    async (file) => {
      expect(startsAmong(await verdictsOf(`${REAL}/${file}`))).toEqual([]);
    },
  );

  test('the Fourier basis of a speech detector is named, not judged', async () => {
    const said = await verdictsOf(`${REAL}/silero_vad.onnx`);
    expect(said.filter(({ label }) => label.includes('stft')).map(({ verdict }) => verdict)).toEqual([
      'designed',
      'designed',
    ]);
  });

  test('a fixed blur between layers is named', async () => {
    const said = await verdictsOf('../shared/faults/L3_blurpool.onnx');
    expect(said.filter(({ verdict }) => verdict === 'designed').map(({ label }) => label)).toEqual([
      'blurpool',
    ]);
  });

  test('initial weights of an untrained network look it', async () => {
    const folder = '../shared/models/untrained';
    for (const file of readdirSync(folder)) {
      const said = await verdictsOf(`${folder}/${file}`);
      expect(said.map(({ verdict }) => verdict)).toEqual(said.map(() => 'looks-untrained'));
    }
  });
});
