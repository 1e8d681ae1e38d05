import { countOf, formatCount } from '../../domain/format';
import { MOST_PINS } from '../../state/kernel-choices';

/** The items of a mosaic, of `channels` filters each, that hold a pinned filter, in the order they were pinned. */
export function pinnedItems(pins: readonly number[], channels: number): number[] {
  return [...new Set(pins.map((filter) => Math.floor(filter / channels)))];
}

/** Pins once the items are those given: what stays keeps its place, a new item brings all its filters. */
export function pinsOfItems(
  pins: readonly number[],
  items: readonly number[],
  channels: number,
): readonly number[] {
  const before = pinnedItems(pins, channels);
  const kept = pins.filter((filter) => items.includes(Math.floor(filter / channels)));
  const added = items.filter((item) => !before.includes(item));
  return [
    ...kept,
    ...added.flatMap((item) => Array.from({ length: channels }, (_, c) => item * channels + c)),
  ];
}

/** Pins with more filters: the first of them that fit, or without them where all that fit are pinned. */
export function togglePins(pins: readonly number[], filters: readonly number[]): readonly number[] {
  const added = filters.filter((filter) => !pins.includes(filter));
  if (added.length === 0) return pins.filter((pin) => !filters.includes(pin));
  return [...pins, ...added].slice(0, MOST_PINS);
}

/** What opening a cell of `count` filters did, `found` of which are among those that can be pinned. */
export function pinnedText(
  before: readonly number[],
  after: readonly number[],
  found: readonly number[],
  count: number,
): string {
  if (after.length < before.length) return `${countOf(before.length - after.length, 'filter')} unpinned`;
  const pinned = found.filter((filter) => after.includes(filter)).length;
  const rest =
    pinned === count ? '' : ` of ${formatCount(count)}: ${formatCount(MOST_PINS)} pins are as many as can be`;
  if (found.length === 0) return 'none of them is among the filters shown above';
  return pinned === 0 ? `none pinned${rest}` : `${formatCount(pinned)} pinned${rest}`;
}
