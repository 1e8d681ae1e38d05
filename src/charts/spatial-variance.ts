import { layoutPlanes } from './kernel-planes';

export interface SpatialLayout {
  /** Pixels a tap. */
  unit: number;
  width: number;
  height: number;
  squares: { tap: number; x: number; y: number; height: number }[];
  /** Whether a number fits into a tap. */
  printed: boolean;
}

/** Share of the highest as printed: the same two decimals at every place, so that numbers compare by eye. */
export function shareText(value: number, highest: number): string {
  return (highest > 0 ? value / highest : 0).toFixed(2);
}

const LARGEST_UNIT = 48;
const SIDE = 220;

export function layoutSpatial(width: number, kernel: readonly number[]): SpatialLayout {
  const planes = layoutPlanes(kernel);
  const room = planes.planes > 1 ? width : Math.min(width, SIDE);
  const unit = Math.max(1, Math.min(LARGEST_UNIT, Math.floor((room - 2) / planes.width)));
  const squares: SpatialLayout['squares'] = [];
  planes.tapAt.forEach((tap, i) => {
    const row = Math.floor(i / planes.width);
    if (tap < 0 || row % planes.repeated > 0) return;
    const x = 1 + (i % planes.width) * unit;
    squares.push({ tap, x, y: 1 + row * unit, height: planes.repeated * unit });
  });
  return {
    unit,
    width: planes.width * unit + 2,
    height: planes.height * unit + 2,
    squares,
    printed: unit >= 32,
  };
}
