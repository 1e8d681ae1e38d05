import { layoutPlanes } from './kernel-planes';
import { tapSize } from './kernel-image';

export interface EigenGrid {
  /** Pixels a tap: whole ones where the picture is not as wide as the place. */
  unit: number;
  columns: number;
  /** Pixels from one picture to the next. */
  pitchX: number;
  pitchY: number;
  height: number;
}

const IMAGE = 60;
const GAP = 14;
const CAPTION = 32;
const EDGE = 4;

/** As many pictures a line as fit, each with two lines of caption; none wider than the place. */
export function layoutEigenGrid(width: number, shown: number, kernel: readonly number[]): EigenGrid {
  const planes = layoutPlanes(kernel);
  const wanted = tapSize(kernel, planes.planes > 1 ? 2 * IMAGE : IMAGE);
  const unit = Math.min(wanted, Math.max(0.1, (width - EDGE) / planes.width));
  // The caption `EVR 31.2 %` needs its width too.
  const pitchX = Math.max(planes.width * unit, 48) + GAP;
  const pitchY = planes.height * unit + CAPTION + 6;
  const columns = Math.max(1, Math.min(shown, Math.floor((width + GAP) / pitchX)));
  return { unit, columns, pitchX, pitchY, height: Math.ceil(shown / columns) * pitchY };
}
