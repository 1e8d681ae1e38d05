import { describe, expect, test } from 'vitest';
import { bytesSource, type ByteSource } from '../../src/formats/byte-source';
import { readOnnx } from '../../src/formats/onnx/onnx-format';
import {
  asideText,
  planDrop,
  unclaimed,
  type DroppedFile,
  type PlannedModel,
  type WaitingModel,
} from '../../src/state/drop-plan';
import { convModel, external, f32 } from '../formats/support/onnx-writer';

function drop(...paths: string[]): DroppedFile[] {
  return paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1)!) }));
}

function names(models: readonly PlannedModel[]) {
  return models.map(({ source }) => source.name);
}

function companions(plan: ReturnType<typeof planDrop>, model: number) {
  return plan.models[model].source.companions.map(({ path }) => path);
}

function waits(key: string, path: string, missing: string[], inDrop = 1): WaitingModel {
  return { key, label: key, path, missing, drop: inDrop };
}

describe('planDrop', () => {
  test('every model of a drop is one; what else is something of its own may be, unless a model names it', () => {
    const plan = planDrop(drop('a.onnx', 'weights.pt', 'B.ONNX', 'page.html'), []);
    expect(names(plan.models)).toEqual(['a.onnx', 'B.ONNX']);
    expect(names(plan.candidates)).toEqual(['weights.pt', 'page.html']);
    expect(names(planDrop(drop('weights.pt', 'page.html'), []).models)).toEqual(['weights.pt', 'page.html']);
  });

  test('files beside a model are its external data', () => {
    const plan = planDrop(drop('a.onnx', 'a.onnx.data', 'shard-1', 'w.bin'), []);
    expect(names(plan.models)).toEqual(['a.onnx']);
    expect(companions(plan, 0)).toEqual(['a.onnx.data', 'shard-1', 'w.bin']);
    expect(asideText(plan)).toBe('Last drop: 3 files kept as external data.');
  });

  test('a file dropped alone is looked at, whatever its name', () => {
    expect(names(planDrop(drop('model'), []).models)).toEqual(['model']);
    expect(names(planDrop(drop('model.bin'), []).models)).toEqual(['model.bin']);
  });

  test('files belong to the models of the nearest folder above them that holds any', () => {
    const plan = planDrop(
      drop(
        'net/model.onnx',
        'net/weights/w0.bin',
        'net/readme.md',
        'net/b/other.onnx',
        'net/b/c/w1.bin',
        'w2.bin',
      ),
      [],
    );
    expect(names(plan.models)).toEqual(['model.onnx', 'other.onnx']);
    expect(companions(plan, 0)).toEqual(['weights/w0.bin', 'readme.md']);
    expect(companions(plan, 1)).toEqual(['c/w1.bin']);
    expect(plan.ignored).toEqual(['net/readme.md']);
  });

  test('a folder without a model gives none', () => {
    const plan = planDrop(drop('net/readme.md', 'net/w.bin'), []);
    expect(plan.models).toEqual([]);
    expect(asideText(plan)).toBe('Last drop: 2 files passed over as no model.');
  });

  test('of two models of one path, which come from two folders, neither takes what lies beside them', () => {
    const plan = planDrop(drop('model.onnx', 'model.onnx', 'model.onnx.data'), []);
    expect([companions(plan, 0), companions(plan, 1)]).toEqual([[], []]);
  });

  test('decomposed and composed names are one path', () => {
    const plan = planDrop(drop('net/model.onnx', 'net/gewichte-a\u0308.bin'), []);
    expect(companions(plan, 0)).toEqual(['gewichte-\u00e4.bin']);
  });

  test('five thousand files, three thousand of one name, are planned at once', () => {
    const files = Array.from({ length: 3000 }, (_, i) => [`run${i}/model.onnx`, `run${i}/model.onnx.data`]);
    const start = performance.now();
    const plan = planDrop(drop(...files.flat()), []);
    expect(plan.models).toHaveLength(3000);
    expect(plan.models.every(({ source }) => source.companions.length === 1)).toBe(true);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('nothing dropped is nothing to do', () => {
    const plan = planDrop([], []);
    expect(plan.models).toEqual([]);
    expect(asideText(plan)).toBeNull();
  });
});

describe('files that waiting models ask for', () => {
  test('go to the only one that lacks a file of that name, and are no models themselves', () => {
    const plan = planDrop(drop('a.data'), [waits('a', 'a.onnx', ['weights/a.data', 'b.data'])]);
    expect(plan.models).toEqual([]);
    expect(plan.supplied.get('a')?.map(({ path }) => path)).toEqual(['weights/a.data']);
  });

  test('serve every model of one folder that waits for them', () => {
    const waiting = [waits('a', 'a.onnx', ['w.data']), waits('b', 'b.onnx', ['w.data'])];
    expect([...planDrop(drop('w.data'), waiting).supplied.keys()]).toEqual(['a', 'b']);
  });

  test.each([
    [
      'picked one after the other',
      [waits('a', 'model.onnx', ['model.onnx.data'], 1), waits('b', 'model.onnx', ['model.onnx.data'], 2)],
    ],
    [
      'of two folders',
      [waits('a', 'a/model.onnx', ['model.onnx.data']), waits('b', 'bb/model.onnx', ['model.onnx.data'])],
    ],
    ['that names two of them', [waits('a', 'a.onnx', ['x/model.onnx.data', 'y/model.onnx.data'])]],
  ])('go to no model where they may mean another: models %s', (_, waiting) => {
    const plan = planDrop(drop('model.onnx.data'), waiting);
    expect(plan.supplied.size).toBe(0);
    expect(plan.models).toEqual([]);
    expect(asideText(plan)).toMatch(
      /^Last drop: "model.onnx.data" is not used, since .* drop each model together with its own/,
    );
  });

  test('go where their path says, however many wait for the name', () => {
    const waiting = [waits('a', 'a/model.onnx', ['d.bin'], 1), waits('b', 'bb/model.onnx', ['d.bin'], 1)];
    const { supplied } = planDrop(drop('bb/d.bin'), waiting);
    expect([...supplied].map(([key, files]) => [key, files.map(({ path }) => path)])).toEqual([
      ['b', ['d.bin']],
    ]);
  });
});

describe('candidates', () => {
  const { candidates } = planDrop(drop('model.onnx', 'model.safetensors', 'notes.txt'), []);

  test('that a model names as its data are no models of their own', () => {
    const models = [{ path: 'model.onnx', dataFiles: ['model.safetensors'] }];
    expect(names(unclaimed(candidates, models))).toEqual(['notes.txt']);
  });

  test('that none names are', () => {
    expect(names(unclaimed(candidates, [{ path: 'model.onnx', dataFiles: [] }]))).toEqual([
      'model.safetensors',
      'notes.txt',
    ]);
  });
});

describe('through the reader', () => {
  /** A model whose weight of two numbers lies in the file `location`. */
  function file(path: string, location: string): DroppedFile {
    const bytes = convModel({ initializers: [external('w', [1, 1, 2], { location })] });
    return { path, file: new File([Uint8Array.from(bytes)], path.split('/').at(-1)!) };
  }
  function data(path: string, ...values: number[]): DroppedFile {
    return { path, file: new File([Uint8Array.from(f32(values))], path.split('/').at(-1)!) };
  }
  async function weight({ source }: PlannedModel): Promise<number[]> {
    const bytes = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
    const files = new Map<string, ByteSource>();
    for (const { path, file: blob } of source.companions)
      files.set(path, bytesSource(path, await bytes(blob)));
    const model = await readOnnx(bytesSource(source.name, await bytes(source.main)), { companions: files });
    return Array.from((await model.readFilters(0)).values);
  }
  async function weights(...files: DroppedFile[]) {
    const plan = planDrop(files, []);
    return Promise.all(plan.models.map((model) => weight(model).catch((error: Error) => error.message)));
  }

  test('two folders dropped together keep their weights apart', async () => {
    const location = 'model.onnx.data';
    expect(
      await weights(
        file('runs/trained/model.onnx', location),
        data('runs/trained/model.onnx.data', 1, 2),
        file('runs/untrained/model.onnx', location),
        data('runs/untrained/model.onnx.data', 3, 4),
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('a folder without its own data never takes that of its neighbour', async () => {
    const [first, second] = await weights(
      file('a/model.onnx', 'model.onnx.data'),
      file('b/model.onnx', 'model.onnx.data'),
      data('b/model.onnx.data', 3, 4),
    );
    expect(first).toMatch(/keeps its weights in "model.onnx.data": drop that file/);
    expect(second).toEqual([3, 4]);
  });

  test('weights in a sub-folder are found; those of one name in two are told apart', async () => {
    expect(
      await weights(
        file('net/a.onnx', 'one/w.bin'),
        file('net/b.onnx', '.\\two\\w.bin'),
        data('net/one/w.bin', 1, 2),
        data('net/two/w.bin', 3, 4),
      ),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('names spelt in decomposed letters are found; other letter case is a hint', async () => {
    expect(await weights(file('m.onnx', 'gewichte-\u00e4.bin'), data('gewichte-a\u0308.bin', 1, 2))).toEqual([
      [1, 2],
    ]);
    const plan = planDrop([file('m.onnx', 'W.bin'), data('w.bin', 1, 2)], []);
    await expect(weight(plan.models[0])).rejects.toThrow(/"W\.bin"/);
  });

  test('a bare name serves a path where it can mean nothing else', async () => {
    expect(await weights(file('m.onnx', 'weights/w.bin'), data('w.bin', 1, 2))).toEqual([[1, 2]]);
  });
});
