import type { LayerKind } from '../domain/model';
import type { Mark } from './depth-profile';

/** Corners of the shape each kind is drawn with, in radii from the middle; a full convolution is a disc. */
const CORNERS: Record<Exclude<LayerKind, 'full'>, readonly (readonly [number, number])[]> = {
  grouped: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  depthwise: [
    [0, -1.2],
    [1.15, 0.85],
    [-1.15, 0.85],
  ],
  transposed: [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
};

/** One path of the shapes of a kind, so that a thousand layers are one element. */
export function marksPath(kind: LayerKind, marks: readonly Pick<Mark, 'x' | 'y'>[], radius: number): string {
  const shape = kind === 'full' ? discPath : cornersPath(CORNERS[kind]);
  return marks.map(({ x, y }) => shape(x, y, radius)).join('');
}

function discPath(x: number, y: number, radius: number): string {
  const r = round(radius);
  return `M${round(x - radius)},${round(y)}a${r},${r} 0 1 0 ${round(2 * radius)},0a${r},${r} 0 1 0 ${round(-2 * radius)},0Z`;
}

function cornersPath(corners: readonly (readonly [number, number])[]) {
  return (x: number, y: number, radius: number) =>
    `M${corners.map(([dx, dy]) => `${round(x + dx * radius)},${round(y + dy * radius)}`).join('L')}Z`;
}

/** Short horizontal ticks, for references. */
export function dashesPath(marks: readonly Pick<Mark, 'x' | 'y'>[], half: number): string {
  return marks.map(({ x, y }) => `M${round(x - half)},${round(y)}h${round(2 * half)}`).join('');
}

/** Stems below marks, for those that rest on a simulation. */
export function stemsPath(marks: readonly Pick<Mark, 'x' | 'y'>[], radius: number): string {
  return marks.map(({ x, y }) => `M${round(x)},${round(y + radius + 1)}v${round(radius + 2)}`).join('');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
