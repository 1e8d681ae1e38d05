import { flushSync, mount, unmount, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import '../../src/app/tokens.css';
import { figureSettings } from '../../src/charts/figure-settings.svelte';
import FrameHarness from './FrameHarness.svelte';

let component: ReturnType<typeof mount>;
/** What was saved: file name and content. */
let saved: { name: string; blob: Blob }[];

function show(
  kind: ComponentProps<typeof FrameHarness>['kind'],
  props: Omit<ComponentProps<typeof FrameHarness>, 'kind'> = {},
) {
  component = mount(FrameHarness, { target: document.body, props: { kind, ...props } });
  flushSync();
}

beforeEach(() => {
  saved = [];
  const blobs = new Map<string, Blob>();
  const create = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = create(blob);
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob: blobs.get(this.href)! });
  });
});

afterEach(async () => {
  delete document.documentElement.dataset.theme;
  Object.assign(figureSettings, { width: 'page', transparent: false });
  vi.restoreAllMocks();
  await unmount(component);
});

function button(name: string) {
  return [...document.querySelectorAll('button')].find(
    (candidate) => (candidate.getAttribute('aria-label') ?? candidate.textContent?.trim()) === name,
  )!;
}

function press(key: string) {
  document.activeElement!.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
  );
  flushSync();
}

function frame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

async function save(kind: string): Promise<{ name: string; blob: Blob }> {
  button('Save Explained variance').click();
  flushSync();
  await frame();
  [...document.querySelectorAll<HTMLElement>('[role=menuitem]')]
    .find((item) => item.textContent?.trim() === kind)!
    .click();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  return saved[0]!;
}

async function savedSvg(): Promise<Document> {
  const { blob } = await save('SVG');
  const parsed = new DOMParser().parseFromString(await blob.text(), 'image/svg+xml');
  expect(parsed.querySelector('parsererror')).toBeNull();
  return parsed;
}

/** Opens the menu where it is closed, and sets what is saved. */
function choose(setting: string) {
  if (!document.querySelector('[role=menu]')) button('Save Explained variance').click();
  flushSync();
  const item = [...document.querySelectorAll<HTMLElement>('[role^=menuitem]')].find(
    (candidate) => candidate.textContent!.trim() === setting,
  )!;
  item.focus();
  item.click();
  flushSync();
}

describe('ChartFrame', () => {
  test('prints its parameters and explains itself when asked', () => {
    show('svg');
    expect(document.querySelector('figcaption')!.textContent).toBe('basis: this layer · n 12,615');
    const ask = button('What is this? Explained variance');
    const explanation = document.getElementById(ask.getAttribute('aria-controls')!)!;
    expect(explanation.hidden).toBe(true);
    ask.click();
    flushSync();
    expect(explanation.hidden).toBe(false);
    expect(explanation.textContent).toContain('EVR_i');
    expect(ask.getAttribute('aria-expanded')).toBe('true');
  });

  test('shows its data as a table', () => {
    show('svg');
    button('Table of Explained variance').click();
    flushSync();
    const cells = [...document.querySelectorAll('table tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!.trim()),
    );
    expect(cells).toEqual([
      ['component', 'share'],
      ['v0', '0.750000'],
      ['v1', '0.250000'],
    ]);
  });

  test('has a menu for the keyboard', async () => {
    show('svg');
    const opener = button('Save Explained variance');
    opener.focus();
    press('ArrowDown');
    await frame();
    expect(document.activeElement!.textContent!.trim()).toBe('SVG');
    press('ArrowUp');
    expect(document.activeElement!.textContent!.trim()).toBe('JSON');
    press('ArrowDown');
    expect(document.activeElement!.textContent!.trim()).toBe('SVG');
    press('Escape');
    expect(document.querySelector('[role=menu]')).toBeNull();
    expect(document.activeElement).toBe(opener);
  });

  test('saves CSV', async () => {
    show('svg');
    const { name, blob } = await save('CSV');
    expect(name).toBe('layer-1-variance.csv');
    expect(await blob.text()).toBe('component,share\r\nv0,0.75\r\nv1,0.25\r\n');
  });

  test('saves JSON', async () => {
    show('svg');
    const { name, blob } = await save('JSON');
    expect(name).toBe('layer-1-variance.json');
    expect(JSON.parse(await blob.text())).toEqual({
      title: 'Explained variance',
      parameters: ['basis: this layer', 'n 12,615'],
      columns: ['component', 'share'],
      rows: [
        ['v0', 0.75],
        ['v1', 0.25],
      ],
    });
  });

  test('saves an SVG that stands alone: colours inside, no classes', async () => {
    show('svg');
    const parsed = await savedSvg();
    expect(parsed.querySelector('[class], [style], [role], [aria-label]')).toBeNull();
    const bar = [...parsed.querySelectorAll('rect')].find((rect) => rect.querySelector('title'))!;
    expect(bar.getAttribute('fill')).toBe('rgb(173, 74, 25)');
    expect(bar.hasAttribute('font-family')).toBe(false);
    expect(parsed.documentElement.getAttribute('font-family')).toMatch(/sans-serif$/);
    expect(parsed.documentElement.getAttribute('viewBox')).toMatch(/^0 0 \d/);
  });

  test('saves light colours from a dark page, on white, and leaves the page as it was', async () => {
    document.documentElement.dataset.theme = 'dark';
    show('svg');
    const before = document.querySelector('figure')!.outerHTML;
    const text = await (await save('SVG')).blob.text();
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(parsed.querySelector('svg > rect')!.getAttribute('fill')).toBe('#ffffff');
    const bar = [...parsed.querySelectorAll('rect')].find((rect) => rect.querySelector('title'))!;
    expect(bar.getAttribute('fill')).toBe('rgb(173, 74, 25)');
    expect(parsed.documentElement.getAttribute('fill')).toBe('rgb(26, 25, 22)');
    expect(text).not.toMatch(/var\(|light-dark\(|<!--/);
    flushSync();
    expect(document.querySelector('figure')!.outerHTML).toBe(before);
  });

  test('saves title, caption and numbers as text, in what XML can hold', async () => {
    show('svg', { parameter: 'layer <a & "b">\u0001\uD800\uFFFE' });
    const parsed = await savedSvg();
    const texts = [...parsed.querySelectorAll('text')].map((text) => text.textContent!.trim());
    expect(texts[0]).toBe('Explained variance');
    expect(texts).toContain('50 %');
    const caption = texts.join(' ');
    expect(caption).toContain('basis: this layer · n 12,615 · layer <a & "b">');
    expect(caption).toMatch(/Filterscope \d\S*$/);
    expect(parsed.querySelector('image')).toBeNull();
  });

  test('saves without a ground, and as wide as a column of a journal, where that is chosen', async () => {
    show('svg');
    choose('85 mm wide');
    choose('transparent ground');
    expect(document.querySelectorAll('[role=menu] [aria-checked=true]')).toHaveLength(2);
    press('Escape');
    const parsed = await savedSvg();
    expect(parsed.querySelector('svg > rect')).toBeNull();
    expect(parsed.documentElement.getAttribute('width')).toBe('85mm');
    expect(parsed.documentElement.getAttribute('viewBox')).toMatch(/^0 0 321 /);
    saved = [];
    const image = await createImageBitmap((await save('PNG')).blob);
    expect(image.width).toBe(Math.round((321 * 600) / 96));
  });

  test('saves a PNG at twice the size, of SVG and of canvas', async () => {
    for (const kind of ['svg', 'canvas'] as const) {
      show(kind);
      await frame();
      const [, , width, height] = (await savedSvg()).documentElement.getAttribute('viewBox')!.split(' ');
      saved = [];
      const { name, blob } = await save('PNG');
      expect(name).toBe('layer-1-variance.png');
      const image = await createImageBitmap(blob);
      expect([image.width, image.height]).toEqual([2 * Number(width), 2 * Number(height)]);
      saved = [];
      if (kind === 'svg') await unmount(component);
    }
  });

  test('Escape closes the table, then the explanation, each back to its button', () => {
    show('svg');
    const [ask, tabled] = [button('What is this? Explained variance'), button('Table of Explained variance')];
    for (const opener of [ask, tabled]) opener.click();
    flushSync();
    tabled.focus();
    press('Escape');
    expect(document.querySelector('table')).toBeNull();
    expect(document.activeElement).toBe(tabled);
    expect(ask.ariaExpanded).toBe('true');
    press('Escape');
    expect(ask.ariaExpanded).toBe('false');
    expect(document.activeElement).toBe(ask);
  });

  test.each([
    ['a sentence', 'none', {}],
    ['a canvas of no filter', 'canvas', { counts: [0, 0, 0, 0] }],
    ['bars of no height', 'svg', { shares: [0, 0] }],
    ['no bars', 'svg', { shares: [] }],
  ] as const)('offers no picture of %s, and says why', async (_, kind, props) => {
    const { counts, shares } = { counts: undefined, shares: undefined, ...props };
    show(kind, { counts: counts && [...counts], shares: shares && [...shares] });
    await frame();
    button('Save Explained variance').click();
    flushSync();
    const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
    expect(items.map((item) => [item.textContent!.trim(), item.ariaDisabled])).toEqual([
      ['SVGnothing is drawn', 'true'],
      ['PNGnothing is drawn', 'true'],
      ['CSV', null],
      ['JSON', null],
    ]);
    items[0]!.click();
    flushSync();
    expect(saved).toEqual([]);
    expect(document.querySelector('[role=alert]')).toBeNull();
    expect(document.querySelector('[role=menu]')).not.toBeNull();
  });

  test('its table shows what cannot be seen, and no more than fits', () => {
    show('svg', { cell: `a\u202Eb${'x'.repeat(10_000)}end` });
    button('Table of Explained variance').click();
    flushSync();
    const text = document.querySelector('tbody td')!.textContent!.trim();
    expect(text).toMatch(/^a\\u\{202E\}bx+…x+end$/);
    expect(text).toHaveLength(80);
  });

  test('saves a canvas chart as SVG, with only its density as a picture', async () => {
    show('canvas');
    const parsed = await savedSvg();
    expect(parsed.querySelectorAll('image')).toHaveLength(1);
    expect(parsed.querySelector('image')!.getAttribute('href')).toMatch(/^data:image\/png;base64,/);
    const texts = [...parsed.querySelectorAll('text')].map((text) => text.textContent!.trim());
    expect(texts).toEqual(expect.arrayContaining(['c0', 'c1', '0', '1', '4,000']));
  });
});
