/** How the kernels of a layer are shown, as the address keeps it; `pins` are the selected layer's. */
export interface KernelChoices {
  /** Null until one is chosen. */
  layout: KernelLayout | null;
  drawing: KernelDrawing;
  order: KernelOrder;
  /** The component of the order by coefficient, from 0. */
  orderComponent: number;
  scale: KernelScale;
  /** Filters, in the order they were pinned. */
  pins: readonly number[];
}

/** A matrix of channels, or one after the other. */
export type KernelLayout = 'matrix' | 'sequence';
/** Each filter in colours, the three of an output channel as red, green and blue, or 1-D ones as lines. */
export type KernelDrawing = 'image' | 'rgb' | 'lines';
export type KernelOrder = 'stored' | 'norm' | 'peak' | 'coefficient' | 'similarity';
/** The ends of the colour scale: the layer's largest |w|, each kernel's own, or a percentile of |w|. */
export type KernelScale = 'layer' | 'kernel' | 'p99.9' | 'p99' | 'p95';

export const KERNEL_SCALES: readonly KernelScale[] = ['layer', 'kernel', 'p99.9', 'p99', 'p95'];
const LAYOUTS: readonly KernelLayout[] = ['matrix', 'sequence'];
const DRAWINGS: readonly KernelDrawing[] = ['image', 'rgb', 'lines'];
/** Those that are written as they are called; `c3` is the order by coefficient 3. */
const NAMED_ORDERS: readonly KernelOrder[] = ['norm', 'peak', 'similarity'];

/** As many as there are letters to mark them with. */
export const MOST_PINS = 24;

export const DEFAULT_KERNEL_CHOICES: KernelChoices = {
  layout: null,
  drawing: 'image',
  order: 'stored',
  orderComponent: 0,
  scale: 'layer',
  pins: [],
};

/** From the parameters of an address; what is none of the choices is ignored. */
export function readKernelChoices(params: URLSearchParams): KernelChoices {
  const one = <Choice extends string>(key: string, choices: readonly Choice[]) =>
    choices.find((choice) => choice === params.get(key));
  const component = /^c(\d{1,5})$/.exec(params.get('order') ?? '')?.[1];
  return {
    layout: one('layout', LAYOUTS) ?? DEFAULT_KERNEL_CHOICES.layout,
    drawing: one('draw', DRAWINGS) ?? DEFAULT_KERNEL_CHOICES.drawing,
    order: component ? 'coefficient' : (one('order', NAMED_ORDERS) ?? DEFAULT_KERNEL_CHOICES.order),
    orderComponent: Number(component ?? DEFAULT_KERNEL_CHOICES.orderComponent),
    scale: one('scale', KERNEL_SCALES) ?? DEFAULT_KERNEL_CHOICES.scale,
    pins: readPins(params.get('pins') ?? ''),
  };
}

/** Into the parameters of an address; defaults are left out. */
export function writeKernelChoices(choices: KernelChoices, params: URLSearchParams): void {
  const { layout, drawing, order, orderComponent, scale, pins } = choices;
  if (layout !== null) params.set('layout', layout);
  if (drawing !== DEFAULT_KERNEL_CHOICES.drawing) params.set('draw', drawing);
  if (order !== DEFAULT_KERNEL_CHOICES.order)
    params.set('order', order === 'coefficient' ? `c${orderComponent}` : order);
  if (scale !== DEFAULT_KERNEL_CHOICES.scale) params.set('scale', scale);
  if (pins.length > 0) params.set('pins', pins.join('.'));
}

/** `12.40.7`: distinct numbers, as many as can be pinned. */
function readPins(text: string): readonly number[] {
  const numbers = text
    .slice(0, 10 * MOST_PINS)
    .split('.')
    .filter((part) => /^\d{1,9}$/.test(part))
    .map(Number);
  return [...new Set(numbers)].slice(0, MOST_PINS);
}
