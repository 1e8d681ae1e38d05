import { expect, test } from 'vitest';
import type { PlainError } from '../../src/domain/errors';
import { Notices } from '../../src/state/notices.svelte';

const error = { code: 'unreadable', message: 'It cannot be read.', details: {} } as PlainError;

function model(key: string) {
  return { key, name: `${key}.onnx` };
}

test('an alert says what is wrong with a model until it is dismissed', () => {
  const notices = new Notices();
  expect(notices.says('a')).toBe(false);
  notices.add(error);
  expect(notices.says('a')).toBe(false);
  notices.add(error, model('a'));
  expect(notices.says('a')).toBe(true);
  expect(notices.says('b')).toBe(false);
  notices.dismissAll();
  expect(notices.says('a')).toBe(false);
});

test('alerts beyond those listed say nothing: the rows do', () => {
  const notices = new Notices();
  for (const key of ['a', 'b', 'c', 'd']) notices.add(error, model(key));
  expect(['a', 'b', 'c', 'd'].map((key) => notices.says(key))).toEqual([true, true, true, false]);
});
