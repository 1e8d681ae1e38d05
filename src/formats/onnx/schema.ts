import { WIRE } from './wire';

/**
 * What the walker does with a field of an ONNX message. Everything not listed here (documentation, metadata,
 * strings of tensors, training graphs, fields of the future) is skipped unread.
 */
export type FieldRule =
  /** A nested message. */
  | { kind: 'message'; type: MessageType }
  /** A nested message that is walked for damage and not kept. */
  | { kind: 'checked'; type: MessageType }
  /** Copied to the skeleton as it is; `to` renames a field that onnx-proto's schema (ONNX 1.10) lacks. */
  | { kind: 'text'; to?: number }
  /** Copied where it is a word (a mode); longer strings are none that is looked at. */
  | { kind: 'word' }
  | { kind: 'number'; wire: number }
  /** Repeated varints, packed or not, copied. */
  | { kind: 'numbers' }
  /** Values of a tensor: left in the file, their place recorded. `wire` is that of one unpacked element. */
  | { kind: 'payload'; wire: number };

export type MessageType =
  | 'model'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparseTensor'
  | 'entry'
  | 'value'
  | 'type'
  | 'tensorType'
  | 'shape'
  | 'dimension'
  | 'opset'
  | 'function';

const text: FieldRule = { kind: 'text' };
const varint: FieldRule = { kind: 'number', wire: WIRE.varint };
const numbers: FieldRule = { kind: 'numbers' };
function message(type: MessageType): FieldRule {
  return { kind: 'message', type };
}

function checked(type: MessageType): FieldRule {
  return { kind: 'checked', type };
}

function payload(wire: number): FieldRule {
  return { kind: 'payload', wire };
}

/** Field numbers by message, from onnx.proto (unchanged from IR 1 to today: fields are only added). */
export const SCHEMA: Record<MessageType, Readonly<Record<number, FieldRule>>> = {
  model: {
    1: varint,
    2: text,
    3: text,
    7: message('graph'),
    8: message('opset'),
    25: message('function'),
  },
  graph: {
    1: message('node'),
    5: message('tensor'),
    11: message('value'),
    12: message('value'),
    13: checked('value'),
    15: message('sparseTensor'),
  },
  node: {
    1: text,
    2: text,
    3: text,
    4: text,
    5: message('attribute'),
    7: text,
    /* overload (IR 10) travels as doc_string */
    8: { kind: 'text', to: 6 },
  },
  attribute: {
    1: text,
    2: { kind: 'number', wire: WIRE.fixed32 },
    3: varint,
    4: { kind: 'word' },
    5: message('tensor'),
    6: message('graph'),
    7: payload(WIRE.fixed32),
    8: numbers,
    11: message('graph'),
    20: varint,
    21: text,
    22: message('sparseTensor'),
  },
  tensor: {
    1: numbers,
    2: varint,
    4: payload(WIRE.fixed32),
    5: payload(WIRE.varint),
    7: payload(WIRE.varint),
    8: text,
    9: payload(WIRE.bytes),
    10: payload(WIRE.fixed64),
    11: payload(WIRE.varint),
    13: message('entry'),
    14: varint,
  },
  sparseTensor: { 1: message('tensor'), 2: message('tensor'), 3: numbers },
  entry: { 1: text, 2: text },
  value: { 1: text, 2: checked('type') },
  type: { 1: message('tensorType'), 8: message('tensorType') },
  tensorType: { 1: varint, 2: message('shape') },
  shape: { 1: message('dimension') },
  dimension: { 1: varint, 2: text },
  opset: { 1: text, 2: varint },
  function: {
    1: text,
    4: text,
    5: text,
    6: text,
    7: message('node'),
    10: text,
    /* attribute defaults (IR 9), decoded apart */
    11: message('attribute'),
    /* overload (IR 10) travels as doc_string */
    13: { kind: 'text', to: 8 },
  },
};

/** Where a message's doc_string sits: the skeleton carries the payload's number in it. */
export const DOC_STRING: Partial<Record<MessageType, number>> = { tensor: 12, attribute: 13 };

/** Field numbers of tensor values. */
export const VALUES = {
  float: 4,
  int32: 5,
  int64: 7,
  raw: 9,
  double: 10,
  uint64: 11,
  attributeFloats: 7,
} as const;

/** What a nested message is called in sentences. */
export const MESSAGE_WORDS: Record<MessageType, string> = {
  model: 'the model',
  graph: 'a graph',
  node: 'a node',
  attribute: 'an attribute',
  tensor: 'a tensor',
  sparseTensor: 'a sparse tensor',
  entry: 'an entry',
  value: 'a value',
  type: 'a type',
  tensorType: 'a type',
  shape: 'a shape',
  dimension: 'a dimension',
  opset: 'an operator set',
  function: 'a function',
};
