/** A protobuf writer for tests: independent of the reader and of onnx-proto, able to write what no library writes. */
export type FieldValue = number | bigint | string | Uint8Array | { f32: number } | { f64: number };
export type Field = [number: number, value: FieldValue];

export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

export function concatBytes(parts: readonly (Uint8Array | number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function message(...fields: Field[]): Uint8Array {
  return concatBytes(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'bigint') return [varint(number * 8), varint(value)];
      if (typeof value === 'object' && 'f32' in value) {
        return [varint(number * 8 + 5), new Uint8Array(new Float32Array([value.f32]).buffer)];
      }
      if (typeof value === 'object' && 'f64' in value) {
        return [varint(number * 8 + 1), new Uint8Array(new Float64Array([value.f64]).buffer)];
      }
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

export function f32(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export function packedVarints(values: readonly (number | bigint)[]): Uint8Array {
  return concatBytes(values.map(varint));
}

function all<T>(number: number, values: readonly T[], map: (value: T) => FieldValue): Field[] {
  return values.map((v) => [number, map(v)]);
}

/** Values of a tensor: raw_data, or fields as given. */
export function tensor(
  name: string,
  dims: readonly number[],
  values: readonly number[] | Uint8Array | Field[],
  dataType = 1,
): Uint8Array {
  const isFields = Array.isArray(values) && Array.isArray(values[0]);
  const fields = isFields
    ? (values as Field[])
    : ([[9, values instanceof Uint8Array ? values : f32(values as number[])]] as Field[]);
  return message(...all(1, dims, (d) => d), [2, dataType], [8, name], ...fields);
}

export function int64s(name: string, values: readonly number[], dims = [values.length]): Uint8Array {
  return tensor(name, dims, values.length > 0 ? [[7, packedVarints(values)]] : [[7, new Uint8Array(0)]], 7);
}

export function external(name: string, dims: readonly number[], entries: Record<string, string>): Uint8Array {
  const fields = Object.entries(entries).map(([key, value]): Field => [13, message([1, key], [2, value])]);
  return tensor(name, dims, [...fields, [14, 1]]);
}

export type AttributeValue =
  | number
  | number[]
  | { tensor: Uint8Array }
  | { graph: Uint8Array }
  | { sparse: Uint8Array }
  | { floats: number[] }
  | { float: number }
  | { word: string }
  | { reference: string }
  /** Present, its value not written: of a type by its number, or of none (0). */
  | { unwritten: number };

export function attribute(name: string, value: AttributeValue): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2]);
  if (Array.isArray(value)) return message([1, name], ...all(8, value, (v) => v), [20, 7]);
  if ('tensor' in value) return message([1, name], [5, value.tensor], [20, 4]);
  if ('graph' in value) return message([1, name], [6, value.graph], [20, 5]);
  if ('sparse' in value) return message([1, name], [22, value.sparse], [20, 11]);
  if ('floats' in value) return message([1, name], ...all(7, value.floats, (v) => ({ f32: v })), [20, 6]);
  if ('word' in value) return message([1, name], [4, value.word], [20, 3]);
  if ('float' in value) return message([1, name], [2, { f32: value.float }], [20, 1]);
  if ('unwritten' in value) {
    return message([1, name], ...(value.unwritten > 0 ? [[20, value.unwritten] as Field] : []));
  }
  return message([1, name], [21, value.reference]);
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, AttributeValue> = {},
  { name = '', domain = '', overload = '' } = {},
): Uint8Array {
  const fields: Field[] = [
    ...all(1, inputs, (i) => i),
    ...all(2, outputs, (o) => o),
    [3, name],
    [4, operator],
    ...Object.entries(attributes).map(([key, value]): Field => [5, attribute(key, value)]),
    [7, domain],
  ];
  return message(...fields, ...(overload ? ([[8, overload]] as Field[]) : []));
}

export interface GraphParts {
  nodes?: Uint8Array[];
  initializers?: Uint8Array[];
  sparse?: Uint8Array[];
  inputs?: string[];
  outputs?: string[];
  /** Of the whole model, 17 unless given. */
  opset?: number;
}

export function graph({
  nodes = [],
  initializers = [],
  sparse = [],
  inputs = ['x'],
  outputs = [],
}: GraphParts) {
  return message(
    ...all(1, nodes, (n) => n),
    [2, 'g'],
    ...all(5, initializers, (t) => t),
    ...all(11, inputs, (name) => message([1, name])),
    ...all(12, outputs, (name) => message([1, name])),
    ...all(15, sparse, (s) => s),
  );
}

export function functionProto(parts: {
  name: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  nodes: Uint8Array[];
  overload?: string;
  defaults?: Uint8Array[];
}): Uint8Array {
  return message(
    [1, parts.name],
    ...all(4, parts.inputs, (i) => i),
    ...all(5, parts.outputs, (o) => o),
    ...all(7, parts.nodes, (n) => n),
    [10, parts.domain],
    ...all(11, parts.defaults ?? [], (a) => a),
    ...(parts.overload ? ([[13, parts.overload]] as Field[]) : []),
  );
}

export function model(parts: GraphParts, functions: Uint8Array[] = []): Uint8Array {
  return message(
    [1, 8],
    [2, 'test'],
    [3, '1.0'],
    [7, graph(parts)],
    [8, message([1, ''], [2, parts.opset ?? 17])],
    ...all(25, functions, (f) => f),
  );
}

/** A model of one Conv over the named weight. */
export function convModel(
  parts: GraphParts,
  weight = 'w',
  attributes: Record<string, AttributeValue> = {},
): Uint8Array {
  return model({
    ...parts,
    nodes: [...(parts.nodes ?? []), node('Conv', ['x', weight], ['y'], attributes, { name: 'conv' })],
  });
}
