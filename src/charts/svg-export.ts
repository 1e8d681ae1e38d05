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
const DROPPED = ['class', 'style', 'tabindex', 'role', 'aria-hidden', 'aria-pressed', 'data-chart'];

/** What XML cannot hold and the serialiser writes all the same; a reader refuses the whole file for one. */
const NOT_XML = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * The SVG as a file of its own: computed styles become attributes, parts marked `data-screen-only` (hover marks) are left
 * out, and a ground in the page's colour lies behind.
 */
export function standaloneSvg(svg: SVGSVGElement, ground: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inlineStyles(svg, copy, {});
  for (const part of copy.querySelectorAll('[data-screen-only]')) part.remove();
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', NAMESPACE);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.prepend(groundRect(ground));
  return new XMLSerializer().serializeToString(copy).replace(NOT_XML, '\uFFFD');
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
  for (const name of DROPPED) target.removeAttribute(name);
  const targets = target.children;
  Array.from(source.children).forEach((child, i) => inlineStyles(child, targets[i], own));
}

function groundRect(ground: string): SVGRectElement {
  const rect = document.createElementNS(NAMESPACE, 'rect');
  rect.setAttribute('width', '100%');
  rect.setAttribute('height', '100%');
  rect.setAttribute('fill', ground);
  return rect;
}

/** The picture on a ground of the page's colour: its text is made for that. */
export function onGround(picture: HTMLCanvasElement, ground: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext('2d')!;
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  return canvas;
}

/** A canvas chart as SVG: the picture at twice its size on screen, embedded. */
export function imageSvg(canvas: HTMLCanvasElement, scale: number): string {
  const width = canvas.width / scale;
  const height = canvas.height / scale;
  return (
    `<svg xmlns="${NAMESPACE}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<image width="${width}" height="${height}" href="${canvas.toDataURL('image/png')}"/></svg>`
  );
}

/** Draws SVG text at a multiple of its size. */
export async function rasterise(svgText: string, scale: number): Promise<HTMLCanvasElement> {
  const url = URL.createObjectURL(new Blob([svgText], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    URL.revokeObjectURL(url);
  }
}
