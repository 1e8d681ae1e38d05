import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packHistogram, unpackHistogram } from '../../src/domain/statistics';

test('a packed histogram unpacks to itself, and takes no more memory than its filled bins', () => {
  const counts = fc.uint32Array({ max: 3, maxLength: 200 });
  fc.assert(
    fc.property(counts, (values) => {
      const histogram = {
        basisId: 'b',
        range: [-1, 2] as [number, number],
        bins: values.length,
        counts: values,
      };
      const packed = packHistogram(histogram);
      expect(unpackHistogram(packed)).toEqual(histogram);
      const filled = values.filter((count) => count > 0).length;
      const held = packed.counts.length + (packed.filled?.length ?? 0);
      expect(held).toBeLessThanOrEqual(Math.min(2 * filled, values.length) + (filled === 0 ? 0 : 1));
    }),
  );
});
