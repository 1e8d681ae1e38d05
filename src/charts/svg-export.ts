import { TEXT_SIZE, wrapText } from './axis';
import { FIGURE_MARGIN } from './figure-settings.svelte';

/** Presentation properties that make an exported SVG look as on the page, without its stylesheet; all are inherited. */
const INHERITED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'visibility',
] as const;

/** What only means something on the page. */
const DROPPED = /^(?:class|style|tabindex|role|aria-.*|data-.*)$/;

/** What XML cannot hold and the serialiser writes all the same; a reader refuses the whole file for one. */
const NOT_XML = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const NAMESPACE = 'http://www.w3.org/2000/svg';
const TITLE_SIZE = 13;
const TITLE_LINE = 18;
const CAPTION_SIZE = 10;
const CAPTION_LINE = 13;

export interface FigureOptions {
  title: string;
  /** Below the chart: of what it is, how it was made. */
  caption: string;
  /** CSS pixels; more where the chart needs more. */
  width: number;
  /** As it is to be printed, e.g. `85mm`; the width in pixels where absent. */
  printedWidth?: string;
  transparent: boolean;
}

export interface Figure {
  text: string;
  /** CSS pixels. */
  width: number;
  height: number;
}

/**
 * The drawn chart as a file of its own, under its title and above its caption: computed styles become attributes, and parts
 * marked `data-screen-only` (hover marks) are left out.
 */
export function figureOf(svg: SVGSVGElement, options: FigureOptions): Figure {
  const chart = standalone(svg);
  const drawn = svg.getBoundingClientRect();
  const width = Math.ceil(Math.max(options.width, drawn.width + 2 * FIGURE_MARGIN));
  const room = width - 2 * FIGURE_MARGIN;
  const title = wrapText(options.title, room, TITLE_SIZE);
  const caption = wrapText(options.caption, room, CAPTION_SIZE);
  const top = FIGURE_MARGIN + title.length * TITLE_LINE;
  const below = top + Math.ceil(drawn.height);
  const height = below + 6 + caption.length * CAPTION_LINE + FIGURE_MARGIN;

  const { color, fontFamily } = getComputedStyle(svg.closest('[data-figure-stage]') ?? svg);
  const root = element('svg', {
    width: options.printedWidth ?? width,
    ...(options.printedWidth ? {} : { height }),
    viewBox: `0 0 ${width} ${height}`,
    'font-family': fontFamily,
    'font-size': TEXT_SIZE,
    fill: color,
  });
  if (!options.transparent) root.append(element('rect', { width, height, fill: '#ffffff' }));
  root.append(
    ...textLines(title, top - title.length * TITLE_LINE + 13, TITLE_LINE, {
      'font-size': TITLE_SIZE,
      'font-weight': 600,
    }),
  );
  chart.setAttribute('transform', `translate(${FIGURE_MARGIN} ${top})`);
  root.append(chart, ...textLines(caption, below + 16, CAPTION_LINE, { 'font-size': CAPTION_SIZE }));
  const text = new XMLSerializer().serializeToString(root).replace(NOT_XML, '\uFFFD');
  return { text, width, height };
}

function textLines(
  lines: readonly string[],
  top: number,
  step: number,
  attributes: Record<string, string | number>,
): SVGElement[] {
  return lines.map((line, i) => {
    const text = element('text', { x: FIGURE_MARGIN, y: top + i * step, ...attributes });
    text.textContent = line;
    return text;
  });
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** What is drawn, as a group that needs no stylesheet. */
function standalone(svg: SVGSVGElement): SVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inlineStyles(svg, copy, {});
  for (const part of copy.querySelectorAll('[data-screen-only]')) part.remove();
  const group = element('g', {});
  for (const property of [...INHERITED, 'opacity']) {
    const value = copy.getAttribute(property);
    if (value) group.setAttribute(property, value);
  }
  group.append(...copy.childNodes);
  for (const part of [group, ...group.querySelectorAll('*')]) dropPageOnly(part);
  return group;
}

/** Attributes of the page, and the comments by which it finds its places again. */
function dropPageOnly(part: Element): void {
  for (const { name } of [...part.attributes]) if (DROPPED.test(name)) part.removeAttribute(name);
  for (const child of [...part.childNodes]) if (child.nodeType === Node.COMMENT_NODE) child.remove();
}

/** Writes each property where it differs from the parent's: a thousand cells need not repeat their font. */
function inlineStyles(source: Element, target: Element, parent: Record<string, string>): void {
  const computed = getComputedStyle(source);
  const own: Record<string, string> = {};
  for (const property of INHERITED) {
    const value = computed.getPropertyValue(property);
    own[property] = value;
    if (value && value !== parent[property]) target.setAttribute(property, value);
  }
  if (computed.opacity !== '1') target.setAttribute('opacity', computed.opacity);
  const targets = target.children;
  Array.from(source.children).forEach((child, i) => inlineStyles(child, targets[i], own));
}

/** Draws SVG text at a multiple of its size. */
export async function rasterise({ text, width, height }: Figure, scale: number): Promise<HTMLCanvasElement> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    URL.revokeObjectURL(url);
  }
}
