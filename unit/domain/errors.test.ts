import { expect, test } from 'vitest';
import { AppError, toPlainError } from '../../src/domain/errors';

/** What a refused allocation is in the engine that runs these tests. */
function refused(): unknown {
  try {
    return new Float64Array(2 ** 50);
  } catch (error) {
    return error;
  }
}

test('a refused allocation says so', () => {
  expect(toPlainError(refused())).toMatchObject({
    code: 'no-memory',
    message: expect.stringMatching(/^The browser refused the memory for this;/),
  });
});

test.each([
  ['RangeError', 'Array buffer allocation failed'],
  ['RangeError', 'Invalid array buffer length'],
  ['InternalError', 'allocation size overflow'],
  ['RangeError', 'Out of memory'],
])('%s: %s is one', (name, message) => {
  expect(toPlainError(Object.assign(new Error(message), { name })).code).toBe('no-memory');
});

test('other errors are ours, and those with a sentence keep it', () => {
  expect(toPlainError(new RangeError('toFixed() digits argument must be between 0 and 100')).code).toBe(
    'internal',
  );
  expect(toPlainError(new TypeError('out of memory')).code).toBe('internal');
  expect(toPlainError(new AppError('truncated', 'It is cut short.', { missing: 1 }))).toEqual({
    code: 'truncated',
    message: 'It is cut short.',
    details: { missing: 1 },
  });
});
