import { drawMosaic, mosaicMargins, sizeCanvas, type MosaicDrawing } from './mosaic-draw';
import { linesVisible } from './mosaic-lines';
import { visibleTiles, within } from './mosaic-tiles';

/** Milliseconds a frame for making tiles; drawing them takes a few more. */
const BUDGET_MS = 7;

/** Paints a mosaic a slice of time a frame, until its picture is complete. */
export class MosaicPainter {
  readonly #scene: () => Omit<MosaicDrawing, 'placed'>;
  #frame = 0;

  constructor(scene: () => Omit<MosaicDrawing, 'placed'>) {
    this.#scene = scene;
  }

  /** Paints the canvas from the next frame on; all of it `now` where no frame will come, as on paper. */
  schedule(canvas: HTMLCanvasElement | undefined, now: boolean): void {
    this.cancel();
    if (!canvas) return;
    const frame = () => {
      if (!this.#paint(canvas, devicePixelRatio, now ? () => false : within(BUDGET_MS)))
        this.schedule(canvas, now);
    };
    if (now) frame();
    else this.#frame = requestAnimationFrame(frame);
  }

  cancel(): void {
    cancelAnimationFrame(this.#frame);
  }

  /** Whether the picture is complete. */
  #paint(canvas: HTMLCanvasElement, ratio: number, expired: () => boolean): boolean {
    const scene = this.#scene();
    const { layout, view, viewport, tiles } = scene;
    sizeCanvas(canvas, viewport, mosaicMargins(layout), ratio);
    const placed = visibleTiles(layout, view, viewport, ratio);
    const asLines = scene.lines && linesVisible(layout, view);
    const complete = asLines || tiles.prepare(placed, expired);
    drawMosaic(canvas.getContext('2d')!, { ...scene, placed }, ratio);
    return complete;
  }
}
