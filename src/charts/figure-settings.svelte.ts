/** CSS pixels a millimetre. */
const MM = 96 / 25.4;

/** `page`: as wide as the chart stands on the page; the others are a column and a page of most journals. */
export type FigureWidth = 'page' | 85 | 180;
export const FIGURE_WIDTHS: readonly FigureWidth[] = ['page', 85, 180];

/** Around a saved chart, in CSS pixels. */
export const FIGURE_MARGIN = 8;

/** How pictures are saved; one choice for all charts, as the figures of one paper are alike. */
export const figureSettings = $state({ width: 'page' as FigureWidth, transparent: false });

export function widthLabel(width: FigureWidth): string {
  return width === 'page' ? 'as wide as here' : `${width} mm wide`;
}

/** In CSS pixels, where the chart is `onPage` pixels wide. */
export function figurePixels(width: FigureWidth, onPage: number): number {
  return width === 'page' ? Math.max(240, Math.round(onPage)) : Math.round(width * MM);
}

/** Pixels of a PNG a CSS pixel: 600 dpi where the width is given in millimetres, as journals ask for line art. */
const PRINTED = 600 / 96;
const ON_SCREEN = 2;
/** What browsers draw: pixels a side and altogether. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 100e6;

export function pngScale(choice: FigureWidth, width: number, height: number): number {
  return Math.min(
    choice === 'page' ? ON_SCREEN : PRINTED,
    MOST_SIDE / Math.max(width, height),
    Math.sqrt(MOST_PIXELS / (width * height)),
  );
}
