/** What a key asks of the mosaic. */
export type MosaicAction =
  | { type: 'pan'; dx: number; dy: number }
  | { type: 'zoom'; factor: number }
  | { type: 'fit' }
  | { type: 'pin' }
  | { type: 'unpin' }
  | { type: 'walk'; key: string };

/** Pixels that Shift and an arrow move the view. */
const PAN = 80;

const PANS: Record<string, [number, number]> = {
  ArrowLeft: [PAN, 0],
  ArrowRight: [-PAN, 0],
  ArrowUp: [0, PAN],
  ArrowDown: [0, -PAN],
};

const WALKS = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'PageUp',
  'PageDown',
]);

/** Null for keys that are not the mosaic's; with Ctrl, Cmd or Alt a key is never its own. */
export function mosaicAction(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): MosaicAction | null {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const pan = event.shiftKey ? PANS[key] : undefined;
  if (pan) return { type: 'pan', dx: pan[0], dy: pan[1] };
  if (WALKS.has(key)) return { type: 'walk', key };
  if (key === '+' || key === '=') return { type: 'zoom', factor: 1.4 };
  if (key === '-') return { type: 'zoom', factor: 1 / 1.4 };
  if (key === '0') return { type: 'fit' };
  if (key === 'Enter' || key === ' ') return { type: 'pin' };
  if (key === 'Escape') return { type: 'unpin' };
  return null;
}

/** Zoom factor of one wheel event. */
export function wheelFactor(event: Pick<WheelEvent, 'deltaY' | 'deltaMode'>): number {
  // Lines or pages instead of pixels: Firefox with a mouse.
  const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
  return Math.exp(-Math.min(300, Math.max(-300, pixels)) * 0.0018);
}
