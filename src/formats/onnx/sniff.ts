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
const NODE_OP_TYPE = 4;

interface Field {
  number: number;
  wire: number;
  valueStart: number;
  end: number;
}

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
  const { fields, broken } = scan(head, start, head.byteLength);
  const graph = fields.findIndex((f) => f.number === 7 && f.wire === WIRE.bytes);
  if (graph < 0 && broken) return false;
  const decisive = graph < 0 ? fields : fields.slice(0, graph + 1);
  if (!decisive.every((f) => wireFits(f, expectedWire('model', f.number, SKIPPED_MODEL_FIELDS))))
    return false;
  return graph >= 0 || fields.some((f) => f.number === 8) || fields[0]?.number === 1;
}

function looksLikeGraph(head: Uint8Array, start: number): boolean {
  const { fields } = scan(head, start, head.byteLength);
  const first = fields.findIndex((f) => f.number === 1);
  const decisive = fields.slice(0, first + 1);
  if (!decisive.every((f) => wireFits(f, expectedWire('graph', f.number, SKIPPED_GRAPH_FIELDS))))
    return false;
  if (first < 0) return false;
  const node = fields[first];
  const parts = scan(head, node.valueStart, Math.min(node.end, head.byteLength));
  return !parts.broken && parts.fields.some((f) => f.number === NODE_OP_TYPE && f.wire === WIRE.bytes);
}

function expectedWire(
  type: 'model' | 'graph',
  number: number,
  skipped: Record<number, number>,
): number | undefined {
  const rule = SCHEMA[type][number];
  if (!rule) return skipped[number];
  return rule.kind === 'number' ? rule.wire : WIRE.bytes;
}

/** Unknown field numbers of the near future are let pass. */
function wireFits(field: Field, expected: number | undefined): boolean {
  return expected === undefined ? field.number < 64 : field.wire === expected;
}

/** Fields from `start` until one reaches over `end`; `broken` where the bytes stop being protobuf. */
function scan(bytes: Uint8Array, start: number, end: number): { fields: Field[]; broken: boolean } {
  const fields: Field[] = [];
  let position = start;
  while (position < end) {
    const tag = varint(bytes, position, end);
    if (!tag) break;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (number === 0) return { fields, broken: true };
    let valueStart = tag.next;
    let next: number;
    if (wire === WIRE.fixed64) next = valueStart + 8;
    else if (wire === WIRE.fixed32) next = valueStart + 4;
    else if (wire === WIRE.varint || wire === WIRE.bytes) {
      const value = varint(bytes, valueStart, end);
      if (!value) break;
      if (wire === WIRE.bytes) valueStart = value.next;
      next = wire === WIRE.bytes ? value.next + value.value : value.next;
    } else return { fields, broken: true };
    fields.push({ number, wire, valueStart, end: next });
    position = next;
  }
  return { fields, broken: false };
}

function varint(bytes: Uint8Array, position: number, end: number): { value: number; next: number } | null {
  let value = 0;
  let factor = 1;
  for (let i = position; i < Math.min(position + 10, end); i++) {
    value += (bytes[i] & 0x7f) * factor;
    if (bytes[i] < 0x80) return { value, next: i + 1 };
    factor *= 128;
  }
  return null;
}
