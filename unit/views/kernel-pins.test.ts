import { describe, expect, test } from 'vitest';
import { MOST_PINS } from '../../src/state/kernel-choices';
import { channelNames, filterPlace, rowsPerGroup } from '../../src/views/layer/kernel-place';
import { pinnedItems, pinnedText, pinsOfItems, togglePins } from '../../src/views/layer/kernel-pins';

describe('pins', () => {
  test('an RGB kernel holds three filters, pinned and unpinned together', () => {
    expect(pinnedItems([7, 2, 6], 3)).toEqual([2, 0]);
    expect(pinsOfItems([7], [2, 0], 3)).toEqual([7, 0, 1, 2]);
    expect(pinsOfItems([7, 0, 1, 2], [0], 3)).toEqual([0, 1, 2]);
    expect(pinsOfItems([4, 9], [4, 9, 1], 1)).toEqual([4, 9, 1]);
  });

  test('a cell adds its filters as far as there is room, and takes them back', () => {
    expect(togglePins([1], [1, 5])).toEqual([1, 5]);
    expect(togglePins([1, 5, 8], [1, 5])).toEqual([8]);
    const many = Array.from({ length: 100 }, (_, i) => i);
    expect(togglePins([500], many)).toEqual([500, ...many.slice(0, MOST_PINS - 1)]);
    expect(togglePins([1], [])).toEqual([1]);
  });

  test('what was done is said, with the number left out', () => {
    expect(pinnedText([], [1, 2], [1, 2], 2)).toBe('2 pinned');
    expect(pinnedText([1, 2], [], [1, 2], 2)).toBe('2 filters unpinned');
    const full = Array.from({ length: MOST_PINS }, (_, i) => i);
    expect(pinnedText([], full, [...full, 99], 25)).toMatch(/^24 pinned of 25: 24 pins/);
    expect(pinnedText(full, full, [99], 1)).toMatch(/^none pinned of 1/);
    expect(pinnedText([], [], [], 1)).toMatch(/^none of them/);
  });
});

describe('where a filter lies', () => {
  const full = { kind: 'full' as const, shape: [8, 4, 3, 3], groups: 1 };
  const grouped = { kind: 'grouped' as const, shape: [8, 4, 3, 3], groups: 4 };
  const depthwise = { kind: 'depthwise' as const, shape: [8, 1, 3, 3], groups: 4 };
  const transposed = { kind: 'transposed' as const, shape: [8, 4, 3, 3], groups: 2 };

  test('channels are those of the layer', () => {
    expect(filterPlace(full, 6)).toBe('output channel 1, input channel 2');
    expect(filterPlace(grouped, 3 * 4 + 1)).toBe('output channel 3, input channel 5 (group 1)');
    expect(filterPlace(depthwise, 5)).toBe('output channel 5, input channel 2');
    expect(filterPlace(transposed, 5 * 4 + 1)).toBe('input channel 5, output channel 5 (group 1)');
    expect(channelNames(grouped)[1]).toBe('input channel of the group');
    expect(channelNames(transposed)).toEqual(['input channel', 'output channel of the group']);
  });

  test('groups of several rows are told apart', () => {
    expect([full, grouped, depthwise, transposed].map(rowsPerGroup)).toEqual([0, 2, 0, 4]);
    expect(rowsPerGroup({ ...grouped, groups: 8 })).toBe(0);
    expect(rowsPerGroup({ ...grouped, groups: 3 })).toBe(0);
  });
});
