/** What the pointers did since the last event. */
export type Gesture =
  | { type: 'pan'; dx: number; dy: number }
  | { type: 'pinch'; factor: number; x: number; y: number; dx: number; dy: number };

interface Point {
  x: number;
  y: number;
}

/** Movement, in pixels, up to which a press counts as a click. */
const CLICK_SLACK = 4;

/** Follows one or two pressed pointers; plain data in and out. */
export class GestureTracker {
  readonly #pointers = new Map<number, Point>();
  #travelled = 0;

  get pressed(): boolean {
    return this.#pointers.size > 0;
  }

  down(id: number, point: Point): void {
    if (this.#pointers.size === 0) this.#travelled = 0;
    this.#pointers.set(id, point);
    // Two fingers never mean a click.
    if (this.#pointers.size > 1) this.#travelled = Infinity;
  }

  move(id: number, point: Point): Gesture | null {
    const last = this.#pointers.get(id);
    if (!last) return null;
    const other = [...this.#pointers].find(([otherId]) => otherId !== id)?.[1];
    this.#pointers.set(id, point);
    const dx = point.x - last.x;
    const dy = point.y - last.y;
    if (!other) {
      this.#travelled += Math.hypot(dx, dy);
      return this.#travelled > CLICK_SLACK ? { type: 'pan', dx, dy } : null;
    }
    const before = Math.hypot(last.x - other.x, last.y - other.y);
    const after = Math.hypot(point.x - other.x, point.y - other.y);
    return {
      type: 'pinch',
      factor: before > 0 ? after / before : 1,
      x: (point.x + other.x) / 2,
      y: (point.y + other.y) / 2,
      dx: dx / 2,
      dy: dy / 2,
    };
  }

  /** Whether this release ends a click. */
  up(id: number): boolean {
    const known = this.#pointers.delete(id);
    return known && this.#pointers.size === 0 && this.#travelled <= CLICK_SLACK;
  }

  cancel(id: number): void {
    this.#pointers.delete(id);
  }
}
