import { describe, expect, test } from 'vitest';
import { blobSource, bytesSource } from '../../src/formats/byte-source';

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);

/** A Blob that counts its reads and can be made to fail. */
function countedBlob() {
  const blob = new Blob([bytes]);
  const state = { reads: 0, gone: false };
  const slice = (start: number, end: number) => {
    state.reads++;
    if (state.gone) return { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
    return blob.slice(start, end);
  };
  return { state, blob: { size: blob.size, slice } as unknown as Blob };
}

describe.each([
  ['blob', () => blobSource('f', new Blob([bytes]))],
  ['bytes', () => bytesSource('f', bytes)],
])('%s source', (_, make) => {
  test('slices are the bytes asked for, in any order and size', async () => {
    const source = make();
    expect(source).toMatchObject({ name: 'f', byteLength: 200_000 });
    for (const [start, end] of [
      [0, 0],
      [0, 10],
      [5, 9],
      [70_000, 70_001],
      [3, 4],
      [65_530, 65_545],
      [10, 190_000],
      [199_999, 200_000],
    ]) {
      expect(await source.slice(start, end)).toEqual(bytes.subarray(start, end));
    }
  });

  test('a range outside the file is an error with the numbers', async () => {
    for (const [start, end] of [
      [-1, 5],
      [5, 4],
      [0, 200_001],
    ]) {
      await expect(make().slice(start, end)).rejects.toMatchObject({
        name: 'AppError',
        code: 'truncated',
        details: { start, end, byteLength: 200_000 },
      });
    }
  });
});

describe('blob source', () => {
  test('neighbouring small reads cost one read of the Blob, large ones their own', async () => {
    const { blob, state } = countedBlob();
    const source = blobSource('f', blob);
    for (let i = 0; i < 1000; i++) await source.slice(i * 10, i * 10 + 10);
    expect(state.reads).toBe(1);
    await source.slice(0, 100_000);
    expect(state.reads).toBe(2);
  });

  test('a large slice owns its buffer, so that it can be transferred', async () => {
    const slice = await blobSource('f', new Blob([bytes])).slice(1, 100_001);
    expect([slice.byteOffset, slice.buffer.byteLength]).toEqual([0, 100_000]);
  });

  test('a file that went away says so', async () => {
    const { blob, state } = countedBlob();
    state.gone = true;
    await expect(blobSource('gone.onnx', blob).slice(0, 4)).rejects.toMatchObject({
      code: 'unreadable',
      message:
        '"gone.onnx" can no longer be read: it was changed, moved or unplugged since it was dropped; drop it again.',
    });
  });

  test('a file that became shorter says so', async () => {
    const shrunk = { size: 100, slice: () => new Blob([new Uint8Array(3)]) } as unknown as Blob;
    await expect(blobSource('f', shrunk).slice(0, 50)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
