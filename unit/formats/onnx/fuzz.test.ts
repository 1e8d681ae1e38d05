import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../src/domain/errors';
import { bytesSource } from '../../../src/formats/byte-source';
import { detectFormat } from '../../../src/formats/registry';
import { metered } from '../support/metered-source';
import {
  attribute,
  convModel,
  f32,
  functionProto,
  graph,
  int64s,
  message,
  model,
  node,
  packedVarints,
  tensor,
  varint,
} from '../support/onnx-writer';
import { hasShared, SHARED } from '../support/shared-models';

/** Small models that between them reach every part of the reader. */
const HAND_BUILT: Record<string, Uint8Array> = {
  expressions: convModel({
    nodes: [
      node('Transpose', ['a'], ['b'], { perm: [2, 0, 1] }),
      node('Reshape', ['b', 's'], ['c']),
      node('Slice', ['c', 'from', 'to'], ['d']),
      node('Concat', ['d', 'd'], ['e'], { axis: 0 }),
      node('ReduceL2', ['e'], ['n'], { axes: [1, 2] }),
      node('Div', ['e', 'n'], ['w']),
    ],
    initializers: [
      tensor(
        'a',
        [2, 3, 2],
        Array.from({ length: 12 }, (_, i) => i),
      ),
      int64s('s', [2, 3, 2]),
      int64s('from', [0]),
      int64s('to', [2]),
    ],
  }),
  typed: convModel({
    nodes: [node('DequantizeLinear', ['q', 's', 'z'], ['w'], { axis: 0 })],
    initializers: [
      tensor('q', [2, 1, 3], [[5, packedVarints([-3, 2, 1, 0, 127, -128])]], 3),
      tensor(
        's',
        [2],
        [
          [4, f32([0.5])],
          [4, { f32: 2 }],
        ],
      ),
      tensor(
        'z',
        [2],
        [
          [5, 0],
          [5, 1],
        ],
        3,
      ),
    ],
  }),
  scopes: model(
    {
      nodes: [
        node('If', ['x'], ['i'], {
          then_branch: { graph: graph({ nodes: [node('Conv', ['x', 'w'], ['t'])], inputs: [] }) },
        }),
        node('F', ['i', 'w'], ['y'], { g: 1 }, { domain: 'my' }),
      ],
      initializers: [tensor('w', [1, 1, 4], Uint8Array.of(0, 0x3c, 1, 2, 3, 4, 5, 6), 10)],
    },
    [
      functionProto({
        name: 'F',
        domain: 'my',
        inputs: ['X', 'W'],
        outputs: ['Y'],
        nodes: [node('Conv', ['X', 'W'], ['Y'], { group: { reference: 'g' } })],
        defaults: [attribute('g', 1)],
      }),
    ],
  ),
  sparse: convModel({
    sparse: [message([1, tensor('w', [2], [5, 7])], [2, int64s('', [0, 5])], [3, 1], [3, 2], [3, 3])],
  }),
};

function corpus(): Record<string, Uint8Array> {
  if (!hasShared) return HAND_BUILT;
  const real = [
    'onnx/mnist-8_cntk.onnx',
    'hostile/derived_kernel-grouped4.onnx',
    'hostile/derived_QLinearConv_one-real-layer.onnx',
  ];
  const read = real.map((path): [string, Uint8Array] => [
    path,
    new Uint8Array(readFileSync(`${SHARED}/models/${path}`)),
  ]);
  return { ...HAND_BUILT, ...Object.fromEntries(read) };
}

/**
 * Limits for a damaged file of n bytes: what is read, and the largest array made. Weights with sparse tensors or
 * broadcasting may be larger than their file; the test reads those below `LARGEST_READ` values.
 */
const MOST_READS = 1000;
const LARGEST_READ = 100_000;
function largestArray(byteLength: number) {
  return 64 * 1024 + 16 * byteLength + LARGEST_READ * 8;
}

function mostBytesRead(byteLength: number) {
  return 40 * byteLength + 64 * 1024;
}

let largest = 0;

function watchAllocations(): void {
  for (const name of ['Uint8Array', 'Float32Array', 'Float64Array', 'Int32Array'] as const) {
    const original = globalThis[name];
    const watched = new Proxy(original, {
      construct(target, args: unknown[], newTarget) {
        const made = Reflect.construct(target, args, newTarget) as Uint8Array;
        if (typeof args[0] === 'number') largest = Math.max(largest, made.byteLength);
        return made;
      },
    });
    vi.stubGlobal(name, watched);
  }
}

afterEach(() => vi.unstubAllGlobals());

/** Opens and reads everything; whatever is wrong must come out as an AppError, cheaply. */
async function survives(bytes: Uint8Array): Promise<void> {
  const source = metered(bytesSource('fuzz.onnx', bytes));
  largest = 0;
  watchAllocations();
  try {
    const opened = await (await detectFormat(source)).open(source, { companions: new Map() });
    for (const layer of opened.description.layers) {
      expect(layer.storedFilterCount * layer.taps).toBeGreaterThan(0);
      if (layer.storedFilterCount * layer.taps > LARGEST_READ) continue;
      const bank = await opened.readFilters(layer.index);
      expect(bank.values.length).toBe(bank.count * bank.taps);
      const scale = await opened.readChannelScale(layer.index);
      if (scale) expect(scale.every(Number.isFinite)).toBe(true);
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).not.toBe('internal');
    expect(error.message).toContain('fuzz.onnx');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(source.reads).toBeLessThan(MOST_READS);
  expect(source.bytesRead).toBeLessThan(mostBytesRead(bytes.byteLength));
  expect(largest).toBeLessThan(largestArray(bytes.byteLength));
}

const OPTIONS = {
  numRuns: Number(process.env.FUZZ_RUNS ?? 150),
  seed: Number(process.env.FUZZ_SEED ?? 20261),
};
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe.each(Object.entries(corpus()))('damaged: %s', (_, original) => {
  test('cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(place, (at) => survives(original.slice(0, Math.floor(at * original.length)))),
      OPTIONS,
    );
  });

  test('bytes changed', async () => {
    const change = fc.record({ at: place, to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const bytes = original.slice();
        /* Structure is denser at the two ends than in between, where the weights lie. */
        for (const { at, to } of changes)
          bytes[Math.floor((at < 0.5 ? at * at * 2 : 1 - (1 - at) * (1 - at) * 2) * bytes.length)] = to;
        return survives(bytes);
      }),
      OPTIONS,
    );
  });

  test('lengths spliced in', async () => {
    const length = fc.oneof(
      fc.bigInt({ min: 0n, max: 300n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.constantFrom(2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n),
    );
    await fc.assert(
      fc.asyncProperty(place, length, fc.integer({ min: 0, max: 3 }), (at, value, removed) => {
        const start = Math.floor(at * original.length);
        return survives(
          Uint8Array.from([
            ...original.subarray(0, start),
            ...varint(value),
            ...original.subarray(start + removed),
          ]),
        );
      }),
      OPTIONS,
    );
  });

  test('parts repeated', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, fc.integer({ min: 1, max: 20 }), (from, to, times) => {
        const [start, end] = [from, to].map((p) => Math.floor(p * original.length)).sort((a, b) => a - b);
        const piece = original.subarray(start, Math.min(end, start + 200));
        return survives(
          Uint8Array.from([
            ...original.subarray(0, start),
            ...Array.from({ length: times }, () => [...piece]).flat(),
            ...original.subarray(start),
          ]),
        );
      }),
      OPTIONS,
    );
  });
});

test('random bytes', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), survives), OPTIONS);
});

test('the meter sees what is made', async () => {
  await survives(HAND_BUILT.expressions);
  expect(largest).toBeGreaterThanOrEqual(48);
});
