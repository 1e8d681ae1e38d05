import { flushSync, mount, unmount, type ComponentProps } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import Name from '../../src/views/common/Name.svelte';

let component: ReturnType<typeof mount>;

function show(props: ComponentProps<typeof Name>): HTMLElement {
  component = mount(Name, { target: document.body, props });
  flushSync();
  return document.querySelector('bdi')!;
}

afterEach(async () => {
  await unmount(component);
});

test('a name of 10,000 characters is cut to what is shown, its hint to what a hint can hold', () => {
  const name = show({ text: `first\u202E${'x'.repeat(10_000)}last` });
  expect(name.textContent).toMatch(/^first\\u\{202E\}x+…x+last$/);
  expect(name.textContent).toHaveLength(200);
  expect(name.title).toMatch(/^first\\u\{202E\}x+…x+last$/);
  expect(name.title).toHaveLength(1000);
});

test('an ordinary name stands as it is, without a hint', () => {
  const name = show({ text: 'layer4.1/conv2' });
  expect(name.textContent).toBe('layer4.1/conv2');
  expect(name.hasAttribute('title')).toBe(false);
  expect(name.dir).toBe('auto');
});
