import { flushSync, mount, unmount, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { divergingCss } from '../../src/charts/colour';
import { scaleOf } from '../../src/charts/kernel-scale';
import Mosaic from '../../src/charts/Mosaic.svelte';
import { layoutMosaic, TAP_UNITS, type MosaicHit } from '../../src/charts/mosaic-layout';
import { mosaicSource } from '../../src/charts/mosaic-raster';
import { TileCache, visibleTiles } from '../../src/charts/mosaic-tiles';

const values = Float32Array.from({ length: 24 * 9 }, (_, i) => Math.sin(i * 1.7));
const basic = {
  label: 'Kernels',
  values,
  count: 24,
  kernel: [3, 3],
  peak: 1,
  inputs: 6,
  mode: 'sequence' as const,
};

let component: ReturnType<typeof mount> | undefined;
const hits: (MosaicHit | null)[] = [];
/** Bound to the mosaic's `pinned`. */
let pinned: readonly number[] = [];

async function show(props: Partial<ComponentProps<typeof Mosaic>> = {}) {
  component = mount(Mosaic, {
    target: document.body,
    props: {
      ...basic,
      ...props,
      onhover: (hit: MosaicHit | null) => hits.push(hit),
      get pinned() {
        return pinned;
      },
      set pinned(filters) {
        pinned = filters;
      },
    },
  });
  flushSync();
  await new Promise((resolve) => setTimeout(resolve, 120));
}

beforeEach(() => {
  hits.length = 0;
  pinned = [];
});

afterEach(async () => {
  if (component) await unmount(component);
  component = undefined;
});

function stage() {
  return document.querySelector<HTMLElement>('[role=application]')!;
}

function canvas() {
  return document.querySelector('canvas')!;
}

/** CSS pixels a unit: the width of as many columns as give the canvas its shape. */
function unitSize(pitch: number): number {
  const { width, height } = canvas().getBoundingClientRect();
  const unit = (columns: number) => width / (columns * pitch + 1);
  const misfit = (columns: number) =>
    Math.abs(height / unit(columns) - (Math.ceil(basic.count / columns) * pitch + 1));
  const columns = Array.from({ length: basic.count }, (_, i) => i + 1);
  return unit(columns.reduce((a, b) => (misfit(b) < misfit(a) ? b : a)));
}

/** Middle of a tap of the kernel at (row, column), in CSS pixels from the canvas's corner. */
function tapCentre(row: number, column: number, tap: number) {
  const pitch = 3 * TAP_UNITS + 1;
  const scale = unitSize(pitch);
  return {
    x: (column * pitch + 1 + ((tap % 3) + 0.5) * TAP_UNITS) * scale,
    y: (row * pitch + 1 + (Math.floor(tap / 3) + 0.5) * TAP_UNITS) * scale,
  };
}

function point(type: string, { x, y }: { x: number; y: number }) {
  const box = canvas().getBoundingClientRect();
  const at = { clientX: box.left + x, clientY: box.top + y, pointerId: 1, button: 0, bubbles: true };
  stage().dispatchEvent(new PointerEvent(type, at));
  flushSync();
}

function press(key: string, modifiers: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers });
  stage().dispatchEvent(event);
  flushSync();
  return event;
}

function colourAt({ x, y }: { x: number; y: number }): string {
  const ratio = canvas().width / canvas().getBoundingClientRect().width;
  const pixel = canvas()
    .getContext('2d')!
    .getImageData(x * ratio, y * ratio, 1, 1).data;
  return `#${[...pixel.subarray(0, 3)].map((v) => v.toString(16).padStart(2, '0')).join('')}`;
}

describe('Mosaic', () => {
  test('paints every tap in the colour of its weight', async () => {
    await show();
    for (const tap of [0, 4, 8]) {
      expect(colourAt(tapCentre(0, 2, tap))).toBe(divergingCss(false, values[2 * 9 + tap]!, 1));
    }
  });

  test('tells what lies under the pointer, and pins it', async () => {
    await show();
    point('pointermove', tapCentre(0, 3, 5));
    expect(hits.at(-1)).toMatchObject({ filter: 3, row: 0, column: 3, tap: 5 });
    expect([...hits.at(-1)!.values]).toEqual([...values.subarray(27, 36)]);
    expect(document.body.textContent).toContain('output channel 0 · input channel 3');
    vi.spyOn(canvas(), 'setPointerCapture').mockImplementation(() => {});
    point('pointerdown', tapCentre(0, 3, 5));
    point('pointerup', tapCentre(0, 3, 5));
    expect(pinned).toEqual([3]);
    point('pointerdown', tapCentre(0, 3, 5));
    point('pointerup', tapCentre(0, 3, 5));
    expect(pinned).toEqual([]);
    point('pointerleave', { x: 0, y: 0 });
    expect(hits.at(-1)).toBeNull();
  });

  test('is walked, pinned and unpinned by keys', async () => {
    await show();
    press('ArrowRight');
    expect(hits.at(-1)).toMatchObject({ filter: 0, tap: null });
    press('ArrowRight');
    expect(hits.at(-1)).toMatchObject({ filter: 1 });
    expect(document.querySelector('[aria-live]')!.textContent).toContain('input channel 1');
    press('Enter');
    expect(pinned).toEqual([1]);
    press('Escape');
    expect(pinned).toEqual([]);
    expect(press('Escape').defaultPrevented).toBe(false);
  });

  test('follows the order it is given', async () => {
    await show({ order: Uint32Array.from({ length: 24 }, (_, i) => 23 - i) });
    press('Home');
    expect(hits.at(-1)).toMatchObject({ filter: 23 });
    expect(colourAt(tapCentre(0, 0, 4))).toBe(divergingCss(false, values[23 * 9 + 4]!, 1));
  });

  test('pins several, each unpinned again or the last by Escape', async () => {
    await show();
    for (const key of ['Home', 'Enter', 'ArrowRight', 'Enter', 'ArrowRight', ' ']) press(key);
    expect(pinned).toEqual([0, 1, 2]);
    press('ArrowLeft');
    press('Enter');
    expect(pinned).toEqual([0, 2]);
    press('Escape');
    expect(pinned).toEqual([0]);
  });

  test('marks kernels, and reads their marks', async () => {
    const marks = { kinds: Uint8Array.of(0, 1), labels: ['repeats another'] };
    await show({ marks, describe: (item: number) => [`score ${item}`] });
    expect(document.body.textContent).toContain('◤ repeats another: 1');
    press('Home');
    press('ArrowRight');
    expect(document.body.textContent).toContain('score 1 · repeats another');
    const { x, y } = tapCentre(0, 1, 0);
    const corner = TAP_UNITS * unitSize(3 * TAP_UNITS + 1);
    expect(colourAt({ x: x - corner / 2 + 3, y: y - corner / 2 + 3 })).not.toBe(
      divergingCss(false, values[9]!, 1),
    );
  });

  test('draws a 1-D kernel as a line above its zero', async () => {
    await show({ values: Float32Array.of(0.5, 0.5, 0.5), count: 1, kernel: [3], inputs: 1, lines: true });
    expect(document.body.textContent).toContain('across: taps');
    // 16 pixels a unit: the kernel from (16, 16), 4 units high, its peak at the top.
    const ratio = canvas().width / canvas().getBoundingClientRect().width;
    const pixels = canvas().getContext('2d')!;
    const isDrawn = (y: number) => pixels.getImageData(64 * ratio, y * ratio, 1, 1).data[3]! > 0;
    expect([32, 40, 48, 56].map(isDrawn)).toEqual([true, false, true, false]);
  });

  test('leaves the wheel to the page until it has the focus', async () => {
    await show();
    const wheel = () => {
      const event = new WheelEvent('wheel', { deltaY: -200, bubbles: true, cancelable: true });
      stage().dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(wheel()).toBe(false);
    stage().focus();
    flushSync();
    expect(wheel()).toBe(true);
  });

  test('says why it is empty', async () => {
    await show({ count: 0, values: new Float32Array(0) });
    expect(document.body.textContent).toContain('No kernels to show.');
  });
});

describe('TileCache', () => {
  const layout = layoutMosaic({
    count: 262_144,
    kernel: [3, 3],
    mode: 'matrix',
    inputs: 512,
    rgb: false,
    order: null,
    aspect: 2,
  });
  const source = mosaicSource(layout, new Float32Array(262_144 * 9).fill(0.5), scaleOf(1), false);
  const viewport = { width: 1200, height: 500 };
  const view = { scale: 1200 / layout.width, x: 0, y: 0 };

  test('makes a quarter of a million kernels in slices, each bounded', () => {
    const tiles = new TileCache(source);
    const placed = visibleTiles(layout, view, viewport, 1);
    let slices = 0;
    let rows = 0;
    // Ten rows of a tile a slice, in place of a clock.
    const expired = () => ++rows > 10;
    while (!tiles.prepare(placed, expired)) {
      // One row past the end of the slice, and one more where a tile ended just there.
      expect(rows).toBeLessThanOrEqual(12);
      rows = 0;
      if (++slices > 10_000) throw new Error('never done');
    }
    expect(slices).toBeGreaterThan(10);
    const target = new OffscreenCanvas(1200, 500).getContext('2d')!;
    tiles.draw(target as unknown as CanvasRenderingContext2D, placed);
    expect(target.getImageData(600, 250, 1, 1).data[3]).toBeGreaterThan(100);
  });

  test('draws a coarser tile while a finer one is made', () => {
    const tiles = new TileCache(source);
    const always = () => false;
    tiles.prepare(visibleTiles(layout, view, viewport, 1), always);
    const closer = visibleTiles(layout, { scale: 1, x: 100, y: 100 }, viewport, 1);
    expect(tiles.prepare(closer, () => true)).toBe(false);
    const target = new OffscreenCanvas(1200, 500).getContext('2d')!;
    tiles.draw(target as unknown as CanvasRenderingContext2D, closer);
    expect(target.getImageData(1150, 450, 1, 1).data[3]).toBeGreaterThan(100);
  });
});
