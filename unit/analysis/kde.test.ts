import { describe, expect, test } from 'vitest';
import { histogramReference } from '../../src/analysis/histogram';
import { createRandom } from '../../src/analysis/random';
import { isSpiky, kdeFromHistogram, type Kde } from '../../src/analysis/kde';
import golden from '../golden/analysis/kde.json';

const BINS = 1120;

function integral({ x, density }: Kde): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((density[i] + density[i - 1]) / 2) * (x[i] - x[i - 1]);
  return sum;
}

describe.each(golden)('$name', ({ values, sd, bandwidth, at, density }) => {
  const range: [number, number] = [Math.min(...values), Math.max(...values)];
  const { counts } = histogramReference(values, 1, range, BINS);
  const options = { gridSize: density.length, domain: at as [number, number] };

  test('bandwidth within 1 % of Silverman from the values', () => {
    const dense = { ...options, gridSize: 1000 };
    expect(kdeFromHistogram(counts, range, dense).bandwidth / bandwidth).toBeCloseTo(1, 2);
    expect(kdeFromHistogram(counts, range, { ...dense, sd }).bandwidth / bandwidth).toBeCloseTo(1, 2);
  });

  test('density within 1 % of the maximum of the direct estimate', () => {
    const dense = kdeFromHistogram(counts, range, { ...options, sd, gridSize: 40 * 25 + 1 });
    const highest = Math.max(...density);
    density.forEach((expected, i) => {
      expect(dense.x[i * 25]).toBeCloseTo(at[0] + (i * (at[1] - at[0])) / 40, 12);
      expect(Math.abs(dense.density[i * 25] - expected)).toBeLessThan(0.01 * highest);
    });
  });

  test('integrates to 1 over a domain that holds its mass', () => {
    const domain: [number, number] = [range[0] - 6 * bandwidth, range[1] + 6 * bandwidth];
    expect(integral(kdeFromHistogram(counts, range, { domain, gridSize: 2000 }))).toBeCloseTo(1, 5);
  });
});

describe('kdeFromHistogram', () => {
  const single = (at: number, count = 1): Uint32Array => {
    const counts = new Uint32Array(BINS);
    counts[at] = count;
    return counts;
  };

  test('nothing is flat zero', () => {
    const { density, bandwidth } = kdeFromHistogram(new Uint32Array(BINS), [-1, 1]);
    expect(density).toEqual(new Float64Array(256));
    expect(bandwidth).toBeGreaterThan(0);
  });

  test.each([
    ['one value', single(300)],
    ['values all equal', single(300, 5000)],
    ['a value at the edge', single(0, 3)],
  ])('%s: a narrow peak of area 1', (_, counts) => {
    const kde = kdeFromHistogram(counts, [-1, 1]);
    expect(kde.bandwidth).toBeCloseTo(2.2 / 255, 12);
    expect(integral(kde)).toBeCloseTo(1, 6);
    const top = kde.x[kde.density.indexOf(Math.max(...kde.density))];
    expect(Math.abs(top - (-1 + (counts.findIndex(Boolean) + 0.5) * (2 / BINS)))).toBeLessThan(kde.bandwidth);
  });

  test('no spread between the quartiles: the standard deviation alone', () => {
    const counts = single(500, 1000);
    counts[0] = 40;
    counts[1119] = 40;
    const sd = Math.sqrt((40 * 500 ** 2 + 40 * 619 ** 2 - 1080 * ((40 * 619 - 40 * 500) / 1080) ** 2) / 1079);
    expect(kdeFromHistogram(counts, [0, BINS]).bandwidth).toBeCloseTo(
      Math.max(sd * (0.75 * 1080) ** -0.2, (1.1 * BINS) / 255),
      9,
    );
  });

  test('a range without width draws its peak in the middle', () => {
    const { counts } = histogramReference([3, 3, 3], 1, [3, 3], BINS);
    const kde = kdeFromHistogram(counts, [3, 3]);
    expect(kde.x[0]).toBeCloseTo(2.45, 12);
    expect(integral(kde)).toBeCloseTo(1, 6);
  });

  test('a domain apart from the values holds no density', () => {
    for (const domain of [
      [5, 6],
      [-9, -8],
    ] as const) {
      const { density } = kdeFromHistogram(single(300, 9), [-1, 1], { domain });
      expect(density).toEqual(new Float64Array(256));
    }
  });

  test('more values make it narrower as n^(-1/5)', () => {
    const counts = new Uint32Array(BINS).fill(1);
    const ratio =
      kdeFromHistogram(
        counts.map(() => 32),
        [0, 1],
      ).bandwidth / kdeFromHistogram(counts, [0, 1]).bandwidth;
    expect(ratio).toBeCloseTo(0.5, 3);
  });
});

describe('isSpiky', () => {
  const range: [number, number] = [-3, 3];
  const spiky = (values: number[]) =>
    isSpiky(
      histogramReference(values, 1, range, 70).counts,
      range,
      kdeFromHistogram(histogramReference(values, 1, range, 1120).counts, range),
    );
  const normal = (n: number) => {
    const random = createRandom(7);
    return Array.from({ length: n }, () => Math.max(-3, Math.min(3, random.normal())));
  };

  test.each([2, 10, 50, 1000, 20_000])('%d values of a smooth distribution are not', (n) => {
    expect(spiky(normal(n))).toBe(false);
  });

  test('a few values that occur again and again are', () => {
    expect(spiky(Array.from({ length: 3000 }, (_, i) => [-2, -0.7, 0.4, 2][i % 4]!))).toBe(true);
  });

  test('a spike on a smooth ground is, once it holds more than the share that is allowed', () => {
    const withSpike = (spike: number) => [...normal(20_000), ...new Array<number>(spike).fill(0.5)];
    expect(spiky(withSpike(1000))).toBe(false);
    expect(spiky(withSpike(12_000))).toBe(true);
  });

  test('nothing is not', () => {
    expect(spiky([])).toBe(false);
  });
});
