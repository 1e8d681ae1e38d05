import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fileSha256, modelContent, NATIVE_DIGEST_BYTES } from '../../src/workers/content';

function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('fileSha256', () => {
  test.each([0, 1, 63, 64, 5 * 2 ** 20 + 3, NATIVE_DIGEST_BYTES + 1])(
    'equals the one-shot digest of %i bytes',
    async (byteLength) => {
      const bytes = randomBytes(byteLength);
      expect(await fileSha256(new Blob([bytes]))).toBe(digest(bytes));
    },
  );

  test('stops when cancelled', async () => {
    await expect(fileSha256(new Blob(['x']), AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('modelContent', () => {
  const main = new Blob(['graph']);
  const companions = [
    { path: 'b.bin', file: new Blob(['second']) },
    { path: 'a.bin', file: new Blob(['first']) },
    { path: 'readme.txt', file: new Blob(['nothing of the model']) },
  ];

  test('a model in one file has its digest as id, whatever its name', async () => {
    for (const name of ['a.onnx', 'b.onnx']) {
      const content = await modelContent({ kind: 'files', name, main, companions }, []);
      expect(content).toEqual({
        id: digest('graph'),
        files: [{ path: '', byteLength: 5, sha256: digest('graph') }],
      });
    }
  });

  test('the files that hold weights count, by path, and no others', async () => {
    const source = { kind: 'files' as const, name: 'a.onnx', main, companions };
    const { id, files } = await modelContent(source, ['b.bin', 'a.bin']);
    expect(files.map(({ path, sha256 }) => [path, sha256])).toEqual([
      ['', digest('graph')],
      ['a.bin', digest('first')],
      ['b.bin', digest('second')],
    ]);
    expect(id).toBe(digest(files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join('')));
    const other = { ...source, companions: [{ path: 'a.bin', file: new Blob(['other']) }, companions[0]] };
    expect((await modelContent(other, ['a.bin', 'b.bin'])).id).not.toBe(id);
  });
});
