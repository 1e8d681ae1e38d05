/** Where a key moves the focus in a menu of `count` items: the new index, `close`, or null for keys that are not the menu's. */
export function menuMove(key: string, index: number, count: number): number | 'close' | null {
  switch (key) {
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowUp':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
    case 'Tab':
      return 'close';
    default:
      return null;
  }
}
