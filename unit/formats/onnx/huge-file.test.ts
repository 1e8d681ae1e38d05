import { describe, expect, test } from 'vitest';
import { readOnnx } from '../../../src/formats/onnx/onnx-format';
import { metered } from '../support/metered-source';
import { concatBytes, f32, graph, message, node, tensor, varint } from '../support/onnx-writer';
import { virtualSource, type Part } from '../support/virtual-source';

const GIB = 2 ** 30;
/** float32 0x3f8000NN: byte 0 of each value counts up. */
function fill(position: number) {
  return [(position >> 2) & 255, 0, 0x80, 0x3f][position & 3];
}

function valueAt(index: number) {
  return 1 + (index & 255) * 2 ** -23;
}

/** Length-delimited field whose value is made of parts. */
function field(number: number, parts: Part[]): Part[] {
  const byteLength = parts.reduce((sum, p) => sum + p.byteLength, 0);
  return [concatBytes([varint(number * 8 + 2), varint(byteLength)]), ...parts];
}

function bigTensor(name: string, dims: number[], byteLength: number): Part[] {
  const head = message(...dims.map((d): [number, number] => [1, d]), [2, 1], [8, name]);
  return field(5, [head, ...field(9, [{ byteLength, fill }])]);
}

/** Three weights of 3 GiB in one file: the second and third begin beyond 2^31 and 2^32. */
function hugeModel() {
  const dims = [2 ** 20, 96, 2, 4];
  const nodes = ['a', 'b', 'c'].map((w) => node('Conv', ['x', w], [`y${w}`], {}, { name: w }));
  const weights = ['a', 'b', 'c'].flatMap((w) => bigTensor(w, dims, 3 * GIB));
  const small = graph({ nodes, initializers: [tensor('unused', [1], f32([0]))] });
  return metered(
    virtualSource('huge.onnx', [
      message([1, 8]),
      ...field(7, [small, ...weights]),
      message([8, message([2, 17])]),
    ]),
  );
}

describe('a file of 9 GiB', () => {
  test('costs its graph, and each layer the filters asked for', async () => {
    const source = hugeModel();
    expect(source.byteLength).toBeGreaterThan(2 ** 33);
    const { description, readFilters } = await readOnnx(source, { companions: new Map() });
    expect(description.layers.map((l) => [l.name, l.shape, l.storedFilterCount, l.facts.depth])).toEqual(
      ['a', 'b', 'c'].map((name) => [name, [2 ** 20, 96, 2, 4], 96 * 2 ** 20, 0]),
    );
    expect(description.facts.opsets).toEqual({ 'ai.onnx': 17 });
    expect(source.bytesRead).toBeLessThan(1_000_000);
    const listed = source.bytesRead;
    const first = 96 * 2 ** 20 - 5;
    const { values, count, taps } = await readFilters(2, { first, count: 5 });
    expect([count, taps]).toEqual([5, 8]);
    expect(Array.from(values)).toEqual(Array.from({ length: 40 }, (_, i) => valueAt(first * 8 + i)));
    expect(source.bytesRead - listed).toBe(160);
  });

  test('more values than fit at once are refused with the limit, unread', async () => {
    const source = hugeModel();
    const { readFilters } = await readOnnx(source, { companions: new Map() });
    const before = source.bytesRead;
    await expect(readFilters(0)).rejects.toMatchObject({
      code: 'too-large',
      message:
        '"huge.onnx": the weight "a" of layer "a" comes to 805,306,368 values; Filterscope computes up to 134,217,728 (1.07 GB) at once.',
    });
    expect(source.bytesRead).toBe(before);
  });

  test('a cancelled read stops', async () => {
    const controller = new AbortController();
    controller.abort();
    const opening = readOnnx(hugeModel(), { companions: new Map(), signal: controller.signal });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('progress rises to the whole file', async () => {
    const steps: number[] = [];
    const source = hugeModel();
    await readOnnx(source, { companions: new Map(), onProgress: (done) => steps.push(done) });
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(source.byteLength);
  });
});
