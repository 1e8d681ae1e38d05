import type { Tone } from './types';

/** A verdict zone: a band of values, named on the chart. Unbounded sides reach the panel's edge. */
export interface Zone {
  from: number | null;
  to: number | null;
  label: string;
  tone: Tone;
}

/** One quantity along the depth of the network. */
export interface DepthPanel {
  key: string;
  label: string;
  /** Fixed range, or null: the values' own with the zones' borders in view. */
  domain: [number, number] | null;
  /** One a layer, in the order of the points; null where the quantity is not available. */
  values: (number | null)[];
  /** A second value a layer drawn as a tick, e.g. T_H beside H. */
  reference?: { label: string; values: (number | null)[] };
  zones: Zone[];
}

/** A layer on the depth axis. */
export interface DepthPoint {
  /** The layer's index, as used in `selected`, `hovered` and the callbacks. */
  index: number;
  label: string;
  /** depthFraction; null is drawn at the file's order. */
  depth: number | null;
  /** Shown in the readout, e.g. `depthwise, 3x3, 1,024 filters`. */
  note?: string;
}
