import { scannedText, scanFields, type ScannedField } from '../protobuf-scan';
import { SCHEMA } from './schema';
import { WIRE } from './wire';

/** How the file holds its graph: a ModelProto or a bare GraphProto, after `start` bytes of length prefix. */
export interface OnnxLayout {
  start: number;
  kind: 'model' | 'graph';
}

/** Wire types of fields that the walker skips but that tell ONNX from other protobufs. */
const SKIPPED_MODEL_FIELDS: Record<number, number> = {
  4: WIRE.bytes,
  5: WIRE.varint,
  6: WIRE.bytes,
  14: WIRE.bytes,
  20: WIRE.bytes,
};
const SKIPPED_GRAPH_FIELDS: Record<number, number> = {
  2: WIRE.bytes,
  10: WIRE.bytes,
  13: WIRE.bytes,
  14: WIRE.bytes,
  16: WIRE.bytes,
};
const SKIPPED_NODE_FIELDS: Record<number, number> = { 6: WIRE.bytes, 9: WIRE.bytes, 10: WIRE.bytes };
/** Text fields of ModelProto: producer name and version, domain. */
const MODEL_TEXTS: ReadonlySet<number> = new Set([2, 3, 4]);
/** Inputs, outputs and name of a node. */
const NODE_NAMES: ReadonlySet<number> = new Set([1, 2, 3]);
const NODE_OP_TYPE = 4;
const NODE_ATTRIBUTE = 5;

/**
 * Whether the head of a file looks like ONNX, and in which layout; null where it does not.
 * @param head the first bytes of the file (a few kilobytes are enough)
 */
export function sniffOnnx(head: Uint8Array, byteLength: number): OnnxLayout | null {
  for (const start of [0, ...(hasLengthPrefix(head, byteLength) ? [4] : [])]) {
    if (looksLikeModel(head, start)) return { start, kind: 'model' };
    if (looksLikeGraph(head, start)) return { start, kind: 'graph' };
  }
  return null;
}

function hasLengthPrefix(head: Uint8Array, byteLength: number): boolean {
  if (head.byteLength < 4) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return view.getUint32(0, true) === byteLength - 4 || view.getUint32(0, false) === byteLength - 4;
}

/** The fields up to the first graph decide: what follows may be bytes appended to the model. */
function looksLikeModel(head: Uint8Array, start: number): boolean {
  const { fields, broken } = scanFields(head, start, head.byteLength);
  const graph = fields.findIndex((f) => f.number === 7 && f.wire === WIRE.bytes);
  if (graph < 0 && broken) return false;
  const decisive = graph < 0 ? fields : fields.slice(0, graph + 1);
  if (!decisive.every((f) => wireFits(f, expectedWire('model', f.number, SKIPPED_MODEL_FIELDS))))
    return false;
  // Messages of other frameworks stand where ONNX has words.
  if (decisive.some((f) => MODEL_TEXTS.has(f.number) && scannedText(head, f) === null)) return false;
  return graph >= 0 || fields.some((f) => f.number === 8) || fields[0]?.number === 1;
}

function looksLikeGraph(head: Uint8Array, start: number): boolean {
  const { fields } = scanFields(head, start, head.byteLength);
  const first = fields.findIndex((f) => f.number === 1);
  const decisive = fields.slice(0, first + 1);
  if (!decisive.every((f) => wireFits(f, expectedWire('graph', f.number, SKIPPED_GRAPH_FIELDS))))
    return false;
  if (first < 0) return false;
  const node = fields[first];
  const parts = scanFields(head, node.valueStart, node.end);
  const operator = parts.fields.find((f) => f.number === NODE_OP_TYPE);
  return (
    !parts.broken &&
    parts.fields.every((f) => wireFits(f, expectedWire('node', f.number, SKIPPED_NODE_FIELDS))) &&
    operator !== undefined &&
    parts.fields.every((f) => !NODE_NAMES.has(f.number) || scannedText(head, f) !== null) &&
    parts.fields.every((f) => f.number !== NODE_ATTRIBUTE || !scanFields(head, f.valueStart, f.end).broken) &&
    // In a TensorFlow graph the device stands here.
    !/[/:]/.test(scannedText(head, operator) ?? '/')
  );
}

function expectedWire(
  type: 'model' | 'graph' | 'node',
  number: number,
  skipped: Record<number, number>,
): number | undefined {
  const rule = SCHEMA[type][number];
  if (!rule) return skipped[number];
  return rule.kind === 'number' ? rule.wire : WIRE.bytes;
}

/** Unknown field numbers of the near future are let pass. */
function wireFits(field: ScannedField, expected: number | undefined): boolean {
  return expected === undefined ? field.number < 64 : field.wire === expected;
}
