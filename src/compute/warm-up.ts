import { createRandom } from '../analysis/random';
import { basisFromMoments } from '../analysis/pca';
import type { ComputeBackend } from './backend';

const FILTERS = 2 ** 15;
const TAPS = 9;
const ROWS = 64;
const ROUNDS = 6;

/**
 * Runs the verbs on a synthetic bank. Browsers compile what is called often anew, on the cores that the work needs: so that
 * this is over before the first model comes. Messages get their turn in between.
 */
export async function warmUp(backend: ComputeBackend): Promise<void> {
  const random = createRandom(FILTERS, TAPS);
  const values = Float32Array.from({ length: FILTERS * TAPS }, () => random.uniform() - 0.5);
  const bank = { values, count: FILTERS, taps: TAPS };
  const few = { values: values.subarray(0, ROWS * ROWS * TAPS), count: ROWS * ROWS, taps: TAPS };
  for (let round = 0; round < ROUNDS; round++) {
    const { raw, scaled } = await backend.layerMoments(bank, { sparsityEpsilon: 0.01 });
    await backend.eigen([raw.scatter, scaled.scatter], TAPS);
    const basis = basisFromMoments(scaled)!;
    await backend.coefficientRange(bank, basis);
    await backend.coefficientHistogram(bank, basis, [-1, 1], 1120);
    await backend.orthogonality(few, ROWS);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
