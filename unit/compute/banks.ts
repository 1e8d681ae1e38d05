import { createRandom } from '../../src/analysis/random';
import type { FilterBank } from '../../src/domain/filters';

/** Filters of normal values whose scale varies from filter to filter, some near zero, none equal. */
export function randomBank(count: number, taps: number, precision: 32 | 64 = 32, seed = 1): FilterBank {
  const random = createRandom(seed, count, taps);
  const values = new (precision === 64 ? Float64Array : Float32Array)(count * taps);
  for (let i = 0; i < count; i++) {
    const scale = i % 7 === 3 ? 1e-4 : Math.exp(random.normal()) * 0.05;
    for (let j = 0; j < taps; j++) values[i * taps + j] = (random.normal() + Math.sin(j)) * scale;
  }
  return { values, count, taps };
}

export function bankOf(filters: readonly (readonly number[])[], precision: 32 | 64 = 32): FilterBank {
  const values = (precision === 64 ? Float64Array : Float32Array).from(filters.flat());
  return { values, count: filters.length, taps: filters[0]?.length ?? 1 };
}

/** A copy whose filters are multiplied by `factors` in turn. */
export function spread(bank: FilterBank, factors: readonly number[], precision: 32 | 64 = 32): FilterBank {
  const values = new (precision === 64 ? Float64Array : Float32Array)(bank.values.length);
  bank.values.forEach((value, i) => {
    values[i] = value * factors[Math.floor(i / bank.taps) % factors.length]!;
  });
  return { ...bank, values };
}

/** A copy with the filters at `indices` set to `value` throughout. */
export function withFilters(bank: FilterBank, indices: readonly number[], value: number): FilterBank {
  const values = bank.values.slice();
  for (const i of indices) values.fill(value, i * bank.taps, (i + 1) * bank.taps);
  return { ...bank, values };
}
