/** Time a frame may spend on drawings that wait. */
const FRAME_BUDGET_MS = 8;

const waiting = new Set<() => void>();
let frame = 0;

function drawSome(): void {
  const start = performance.now();
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - start > FRAME_BUDGET_MS) break;
  }
  frame = waiting.size > 0 ? requestAnimationFrame(drawSome) : 0;
}

/**
 * Draws in one of the next frames, a few drawings each, so that a table full of small canvases does not hold the page.
 * Returns what takes the drawing back.
 */
export function drawLater(draw: () => void): () => void {
  waiting.add(draw);
  frame ||= requestAnimationFrame(drawSome);
  return () => waiting.delete(draw);
}
