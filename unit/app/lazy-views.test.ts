import { expect, test } from 'vitest';
import { LazyViews } from '../../src/app/lazy-views.svelte';
import type { ViewComponents } from '../../src/views';

const COMPONENTS = {} as ViewComponents;

test('the code of the views is asked for at once, and again after it did not arrive', async () => {
  const answers = [Promise.reject(new TypeError('not fetched')), Promise.resolve(COMPONENTS)];
  const views = new LazyViews(() => answers.shift()!);
  expect(views.components).toBeNull();
  await expect.poll(() => views.failed).toBe(true);
  const again = views.ask();
  expect(views.failed).toBe(false);
  await again;
  expect(views.components).toBe(COMPONENTS);
});
