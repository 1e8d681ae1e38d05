import { describe, expect, test } from 'vitest';
import { channelLabels, groupRules, mosaicMargins } from '../../src/charts/mosaic-draw';
import { layoutMosaic } from '../../src/charts/mosaic-layout';
import { GestureTracker } from '../../src/charts/mosaic-gestures';
import { mosaicAction, wheelFactor } from '../../src/charts/mosaic-keys';

function press(key: string, modifiers = {}) {
  return mosaicAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });
}

describe('keys', () => {
  test('walk, pan, zoom, fit and pin', () => {
    expect(press('ArrowLeft')).toEqual({ type: 'walk', key: 'ArrowLeft' });
    expect(press('ArrowLeft', { shiftKey: true })).toMatchObject({ type: 'pan', dy: 0 });
    expect(press('+')).toMatchObject({ type: 'zoom' });
    expect(press('0')).toEqual({ type: 'fit' });
    expect(press(' ')).toEqual({ type: 'pin' });
    expect(press('Escape')).toEqual({ type: 'unpin' });
  });

  test('leave the page its own', () => {
    expect(press('k', { ctrlKey: true })).toBeNull();
    expect(press('+', { ctrlKey: true })).toBeNull();
    expect(press('ArrowLeft', { altKey: true })).toBeNull();
    expect(press('Tab')).toBeNull();
    expect(press('1')).toBeNull();
  });

  test('undo each other', () => {
    const [out, into] = [press('-'), press('+')] as { factor: number }[];
    expect(out!.factor * into!.factor).toBeCloseTo(1);
    expect(
      wheelFactor({ deltaY: 100, deltaMode: 0 }) * wheelFactor({ deltaY: -100, deltaMode: 0 }),
    ).toBeCloseTo(1);
    expect(wheelFactor({ deltaY: -3, deltaMode: 1 })).toBeCloseTo(wheelFactor({ deltaY: -48, deltaMode: 0 }));
    expect(wheelFactor({ deltaY: 1e9, deltaMode: 0 })).toBeGreaterThan(0.5);
  });
});

describe('pointers', () => {
  test('tell a click from a drag', () => {
    const gestures = new GestureTracker();
    gestures.down(1, { x: 0, y: 0 });
    expect(gestures.move(1, { x: 2, y: 0 })).toBeNull();
    expect(gestures.up(1)).toBe(true);
    gestures.down(1, { x: 0, y: 0 });
    expect(gestures.move(1, { x: 10, y: 5 })).toEqual({ type: 'pan', dx: 10, dy: 5 });
    expect(gestures.up(1)).toBe(false);
    expect(gestures.pressed).toBe(false);
  });

  test('pinch around the middle of two fingers, and never click', () => {
    const gestures = new GestureTracker();
    gestures.down(1, { x: 0, y: 0 });
    gestures.down(2, { x: 100, y: 0 });
    expect(gestures.move(2, { x: 200, y: 0 })).toEqual({
      type: 'pinch',
      factor: 2,
      x: 100,
      y: 0,
      dx: 50,
      dy: 0,
    });
    expect(gestures.up(2)).toBe(false);
    expect(gestures.up(1)).toBe(false);
  });

  test('ignore what was not pressed here', () => {
    const gestures = new GestureTracker();
    expect(gestures.move(7, { x: 1, y: 1 })).toBeNull();
    expect(gestures.up(7)).toBe(false);
    gestures.down(1, { x: 0, y: 0 });
    gestures.cancel(1);
    expect(gestures.pressed).toBe(false);
  });
});

describe('channel numbers', () => {
  test('stand at the middle of their kernels, apart from each other', () => {
    const labels = channelLabels(512, 7, 0.4, 0, 1254, false, null);
    expect(labels[0]).toEqual({ text: '0', position: 4 * 0.4 });
    for (let i = 1; i < labels.length; i++) {
      expect(labels[i]!.position - labels[i - 1]!.position).toBeGreaterThan(20);
    }
  });

  test('follow the view and the order', () => {
    const labels = channelLabels(100, 7, 10, 70, 300, true, null);
    expect(labels.map((label) => label.text)).toEqual(['10', '11', '12', '13']);
    const sorted = channelLabels(3, 7, 10, 0, 300, true, Uint32Array.of(2, 0, 1));
    expect(sorted.map((label) => label.text)).toEqual(['2', '0', '1']);
  });

  test('are never cut by the border', () => {
    const labels = channelLabels(100, 7, 2, 0, 1388, false, null);
    expect(labels.at(-1)!.position).toBeLessThanOrEqual(1388 - 5);
    expect(labels[0]!.text).toBe('0');
  });

  test('need room beside the matrix alone', () => {
    expect(mosaicMargins({ mode: 'sequence', rows: 9 })).toEqual({ left: 0, top: 0 });
    expect(mosaicMargins({ mode: 'matrix', rows: 2048 }).left).toBeGreaterThan(
      mosaicMargins({ mode: 'matrix', rows: 9 }).left,
    );
  });
});

describe('rules between groups', () => {
  const layout = (order: Uint32Array | null, rows = 8) =>
    layoutMosaic({
      count: rows * 4,
      kernel: [3, 3],
      mode: 'matrix',
      inputs: 4,
      rgb: false,
      order,
      aspect: 1,
    });
  const viewport = { width: 100, height: 1000 };
  const rules = (changes: Partial<Parameters<typeof groupRules>[0]>) =>
    groupRules({ layout: layout(null), view: { scale: 2, x: 0, y: 0 }, viewport, groupRows: 2, ...changes });

  test('stand where groups meet, in the part in view', () => {
    expect(rules({})).toEqual([14.5 * 2, 28.5 * 2, 42.5 * 2]);
    expect(rules({ view: { scale: 2, x: 0, y: 20 }, viewport: { width: 100, height: 30 } })).toEqual([
      -11, 17,
    ]);
  });

  test('are left out without groups, in another order, and where they would cover the kernels', () => {
    expect(rules({ groupRows: 0 })).toEqual([]);
    expect(rules({ layout: layout(Uint32Array.of(7, 6, 5, 4, 3, 2, 1, 0)) })).toEqual([]);
    expect(rules({ view: { scale: 0.5, x: 0, y: 0 } })).toEqual([]);
  });
});
