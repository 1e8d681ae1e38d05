import { formatValue } from './format-number';
import { tapName, type MosaicHit } from './mosaic-layout';

interface Naming {
  kernel: readonly number[];
  inputs: number;
  rgb: boolean;
  rowTitle: string;
  columnTitle: string;
  /** Where a filter lies, in place of its row and column. */
  nameOf?: (filter: number) => string;
  /** What else is known of it. */
  more: readonly string[];
}

/** `output channel 12 · input channel 3 · max |w| 0.213 · w[1, 2] = −0.0341 · dead channel` */
export function describeHit(
  hit: MosaicHit,
  { kernel, inputs, rgb, rowTitle, columnTitle, nameOf, more }: Naming,
): string {
  let peak = 0;
  for (const value of hit.values) peak = Math.max(peak, Math.abs(value));
  const place = rgb
    ? [`${rowTitle} ${hit.filter}`, 'its three inputs as red, green, blue']
    : nameOf
      ? [nameOf(hit.filter)]
      : [`${rowTitle} ${Math.floor(hit.filter / inputs)}`, `${columnTitle} ${hit.filter % inputs}`];
  const parts = [...place, `max |w| ${formatValue(peak)}`];
  if (hit.tap !== null) {
    const taps = hit.values.length / (rgb ? 3 : 1);
    const values = Array.from({ length: rgb ? 3 : 1 }, (_, c) =>
      formatValue(hit.values[c * taps + hit.tap!]),
    );
    parts.push(`w[${tapName(kernel, hit.tap)}] = ${values.join(', ')}`);
  }
  return [...parts, ...more].join(' · ');
}
