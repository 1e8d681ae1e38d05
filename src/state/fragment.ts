import type { BackendName } from '../domain/results';
import { DEFAULT_THRESHOLDS, THRESHOLD_RANGES, type Thresholds } from '../domain/thresholds';
import {
  DEFAULT_KERNEL_CHOICES,
  readKernelChoices,
  writeKernelChoices,
  type KernelChoices,
} from './kernel-choices';
import type { Sorting } from './layer-table.svelte';

export const VIEW_IDS = ['overview', 'layer', 'filters'] as const;
export type ViewId = (typeof VIEW_IDS)[number];

/** What the URL fragment holds; null where it says nothing. */
export interface ViewState extends KernelChoices {
  view: ViewId;
  /** Label of the open model: a file name, or `sample:` and an id. */
  model: string | null;
  /** First hexadecimal digits of its content's id, where they are known. */
  content: string | null;
  /** Index of the selected layer. */
  layer: number | null;
  /** Order of the tables of layers; null: their own. */
  sort: Sorting | null;
  /** Kernel size, such as `3x3`. */
  size: string | null;
  /** Components on the axes of the scatter, from 0. */
  components: [number, number];
  /** Forces a backend. */
  backend: BackendName | null;
  /** Verdict thresholds that differ from the published ones. */
  thresholds: Partial<Thresholds>;
}

export const DEFAULT_VIEW_STATE: ViewState = {
  view: 'overview',
  model: null,
  content: null,
  layer: null,
  sort: null,
  size: null,
  components: [0, 1],
  backend: null,
  thresholds: {},
  ...DEFAULT_KERNEL_CHOICES,
};

/** Of a content's id, as kept in the address: enough to tell any two models apart. */
export const CONTENT_DIGITS = 16;
/** A name in the address is as long as a file's may be. */
const MOST_NAME_LENGTH = 255;

const THRESHOLD_KEYS = Object.keys(DEFAULT_THRESHOLDS) as (keyof Thresholds)[];

/** Reads a fragment with or without `#`; unknown keys and values are ignored. */
export function parseFragment(fragment: string): ViewState {
  const params = new URLSearchParams(fragment.replace(/^#/, ''));
  const view = VIEW_IDS.find((id) => id === params.get('view'));
  const backend = params.get('backend');
  const size = params.get('size');
  const [x, y] = DEFAULT_VIEW_STATE.components;
  return {
    view: view ?? DEFAULT_VIEW_STATE.view,
    model: modelName(params.get('model')),
    content: digits(params.get('content')),
    layer: index(params.get('layer')),
    sort: sorting(params.get('sort')),
    size: size !== null && /^\d+(x\d+){0,2}$/.test(size) ? size : null,
    components: [index(params.get('x')) ?? x, index(params.get('y')) ?? y],
    backend: backend === 'cpu' || backend === 'webgpu' ? backend : null,
    thresholds: changedThresholds(
      Object.fromEntries(THRESHOLD_KEYS.map((key) => [key, threshold(key, params.get(key))])),
    ),
    ...readKernelChoices(params),
  };
}

/** The fragment, `#` included, that `parseFragment` reads back; defaults are left out. */
export function formatFragment(state: ViewState): string {
  const params = new URLSearchParams();
  if (state.model !== null) params.set('model', state.model);
  if (state.content !== null) params.set('content', state.content);
  if (state.view !== DEFAULT_VIEW_STATE.view) params.set('view', state.view);
  if (state.layer !== null) params.set('layer', String(state.layer));
  if (state.sort !== null) params.set('sort', `${state.sort.descending ? '-' : ''}${state.sort.column}`);
  if (state.size !== null) params.set('size', state.size);
  const [x, y] = state.components;
  if (x !== DEFAULT_VIEW_STATE.components[0]) params.set('x', String(x));
  if (y !== DEFAULT_VIEW_STATE.components[1]) params.set('y', String(y));
  if (state.backend !== null) params.set('backend', state.backend);
  writeKernelChoices(state, params);
  for (const [key, value] of Object.entries(state.thresholds)) params.set(key, String(value));
  return `#${params.toString()}`;
}

/** Those that differ from the published ones, always in the same order. */
export function changedThresholds(thresholds: Partial<Thresholds>): Partial<Thresholds> {
  return Object.fromEntries(
    THRESHOLD_KEYS.flatMap((key) => {
      const value = thresholds[key];
      return value === undefined || value === DEFAULT_THRESHOLDS[key] ? [] : [[key, value]];
    }),
  );
}

/** A number in plain or scientific notation, drawn into the range of its slider. */
function threshold(key: keyof Thresholds, text: string | null): number | undefined {
  if (text === null || !/^-?\d{1,9}(\.\d{1,30})?(e-\d{1,2})?$/.test(text)) return undefined;
  const [least, most] = THRESHOLD_RANGES[key];
  return Math.min(most, Math.max(least, Number(text)));
}

/** `column`, or `-column` where the greatest come first; which columns there are is the table's to know. */
function sorting(text: string | null): Sorting | null {
  const [, minus, column] = /^(-?)([a-zA-Z][a-zA-Z0-9]{0,39})$/.exec(text ?? '') ?? [];
  return column === undefined ? null : { column, descending: minus === '-' };
}

/** Whole characters of a name; null for none. */
function modelName(text: string | null): string | null {
  return text ? Array.from(text).slice(0, MOST_NAME_LENGTH).join('') : null;
}

function digits(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{8,64}$/.test(text) ? text : null;
}

function index(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
