import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fileSha256 } from '../../src/workers/file-hash';

describe('fileSha256', () => {
  test.each([0, 1, 63, 64, 5 * 2 ** 20 + 3])('equals the one-shot digest of %i bytes', async (byteLength) => {
    const bytes = randomBytes(byteLength);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(await fileSha256(new Blob([bytes]))).toBe(expected);
  });

  test('stops when cancelled', async () => {
    await expect(fileSha256(new Blob(['x']), AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
