import { layoutPlanes } from './kernel-planes';
import { tapSize } from './kernel-image';

export interface EigenGrid {
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

/** As many pictures a line as fit, each with two lines of caption. */
export function layoutEigenGrid(width: number, shown: number, kernel: readonly number[]): EigenGrid {
  const planes = layoutPlanes(kernel);
  const unit = tapSize(kernel, planes.planes > 1 ? 2 * IMAGE : IMAGE);
  // The caption `EVR 31.2 %` needs its width too.
  const pitchX = Math.max(planes.width * unit, 48) + GAP;
  const pitchY = planes.height * unit + CAPTION + 6;
  const columns = Math.max(1, Math.min(shown, Math.floor((width + GAP) / pitchX)));
  return { unit, columns, pitchX, pitchY, height: Math.ceil(shown / columns) * pitchY };
}
