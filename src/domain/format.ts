/** Making one is a hundred times the cost of using it. */
const counts = new Intl.NumberFormat('en');

/** `12,616` */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** `1 filter`, `12,616 filters` */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `44.7 MB`, decimal units. */
export function formatBytes(byteLength: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = byteLength;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0
    ? `${formatCount(value)} bytes`
    : `${value.toPrecision(value < 100 ? 3 : 4)} ${units[unit]}`;
}
