/** Presentation properties that make an exported SVG look as on the page, without its stylesheet. */
const INLINED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'visibility',
] as const;

const NAMESPACE = 'http://www.w3.org/2000/svg';

/**
 * The SVG as a file of its own: computed styles become attributes, parts marked `data-screen-only` (hover marks) are left
 * out, and a ground in the page's colour lies behind.
 */
export function standaloneSvg(svg: SVGSVGElement, ground: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inlineStyles(svg, copy);
  for (const part of copy.querySelectorAll('[data-screen-only]')) part.remove();
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', NAMESPACE);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.prepend(groundRect(ground));
  return new XMLSerializer().serializeToString(copy);
}

function inlineStyles(source: Element, target: Element): void {
  const computed = getComputedStyle(source);
  for (const property of INLINED) {
    const value = computed.getPropertyValue(property);
    if (value) target.setAttribute(property, value);
  }
  for (const name of ['class', 'style', 'tabindex']) target.removeAttribute(name);
  const targets = target.children;
  Array.from(source.children).forEach((child, i) => inlineStyles(child, targets[i]!));
}

function groundRect(ground: string): SVGRectElement {
  const rect = document.createElementNS(NAMESPACE, 'rect');
  rect.setAttribute('width', '100%');
  rect.setAttribute('height', '100%');
  rect.setAttribute('fill', ground);
  return rect;
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
