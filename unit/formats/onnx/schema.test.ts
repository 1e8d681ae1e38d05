import { readFileSync } from 'node:fs';
import { onnx } from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import {
  DOC_STRING,
  SCHEMA,
  VALUES,
  type FieldRule,
  type MessageType,
} from '../../../src/formats/onnx/schema';
import { WIRE } from '../../../src/formats/onnx/wire';
import { message, packedVarints, type FieldValue } from '../support/onnx-writer';

/* Written by tools/reference/onnx-schema.py from the onnx package's own descriptors. */
const { messages } = JSON.parse(readFileSync('unit/golden/onnx-schema.json', 'utf8')) as {
  messages: Record<string, Record<string, string>>;
};

interface Declared {
  name: string;
  type: string;
  repeated: boolean;
  number: number;
}

function declared(messageName: string): Declared[] {
  return Object.entries(messages[messageName]).map(([name, declaration]) => {
    const [, repeated, type, number] = /^(repeated )?(\S+) = (\d+)$/.exec(declaration)!;
    return { name, type, repeated: repeated !== undefined, number: Number(number) };
  });
}

const NAMES: Record<MessageType, readonly string[]> = {
  model: ['onnx.ModelProto'],
  graph: ['onnx.GraphProto'],
  node: ['onnx.NodeProto'],
  attribute: ['onnx.AttributeProto'],
  tensor: ['onnx.TensorProto'],
  sparseTensor: ['onnx.SparseTensorProto'],
  entry: ['onnx.StringStringEntryProto'],
  value: ['onnx.ValueInfoProto'],
  type: ['onnx.TypeProto'],
  tensorType: ['onnx.TypeProto.Tensor', 'onnx.TypeProto.SparseTensor'],
  shape: ['onnx.TensorShapeProto'],
  dimension: ['onnx.TensorShapeProto.Dimension'],
  opset: ['onnx.OperatorSetIdProto'],
  function: ['onnx.FunctionProto'],
};

const WIRES: Record<string, number> = {
  float: WIRE.fixed32,
  double: WIRE.fixed64,
  int32: WIRE.varint,
  int64: WIRE.varint,
  uint64: WIRE.varint,
  enum: WIRE.varint,
};

/** Every rule of the table beside the field that ONNX declares under its number. */
const rules = Object.entries(NAMES).flatMap(([type, names]) =>
  names.flatMap((messageName) =>
    Object.entries(SCHEMA[type as MessageType]).map(([number, rule]) => ({
      messageName,
      number: Number(number),
      rule: rule as FieldRule,
      field: declared(messageName).find((field) => field.number === Number(number)),
    })),
  ),
);

describe('the table of fields is ONNX’s', () => {
  test.each(rules)('$messageName field $number', ({ messageName, rule, field }) => {
    expect(field).toBeDefined();
    const { type, repeated } = field!;
    switch (rule.kind) {
      case 'message':
      case 'checked':
        expect(NAMES[rule.type]).toContain(type);
        break;
      case 'text':
        expect(['string', 'bytes']).toContain(type);
        if (rule.to !== undefined) expect(messages[messageName].doc_string).toBe(`string = ${rule.to}`);
        break;
      case 'word':
        expect([type, repeated]).toEqual(['bytes', false]);
        break;
      case 'number':
        expect([WIRES[type], repeated]).toEqual([rule.wire, false]);
        break;
      case 'numbers':
        expect([WIRES[type], repeated]).toEqual([WIRE.varint, true]);
        break;
      case 'payload':
        expect([WIRES[type] ?? WIRE.bytes, repeated]).toEqual([rule.wire, type !== 'bytes']);
    }
  });

  test('the numbers named apart are too', () => {
    const number = (messageName: string, name: string) => Number(messages[messageName][name].split(' = ')[1]);
    for (const [type, docString] of Object.entries(DOC_STRING)) {
      expect(number(NAMES[type as MessageType][0], 'doc_string')).toBe(docString);
    }
    const tensor = (name: string) => number('onnx.TensorProto', name);
    expect(VALUES).toEqual({
      float: tensor('float_data'),
      int32: tensor('int32_data'),
      int64: tensor('int64_data'),
      raw: tensor('raw_data'),
      double: tensor('double_data'),
      uint64: tensor('uint64_data'),
      attributeFloats: number('onnx.AttributeProto', 'floats'),
    });
  });

  test('what it leaves out is known', () => {
    const left = Object.entries(NAMES).flatMap(([type, names]) =>
      names.map((messageName) => {
        const fields = declared(messageName).filter(({ number }) => !(number in SCHEMA[type as MessageType]));
        return [messageName.slice('onnx.'.length), fields.map(({ name }) => name).join(' ')];
      }),
    );
    expect(Object.fromEntries(left.filter(([, fields]) => fields !== ''))).toEqual({
      ModelProto: 'domain model_version doc_string metadata_props training_info configuration',
      GraphProto: 'name doc_string quantization_annotation metadata_props',
      NodeProto: 'doc_string metadata_props device_configurations',
      AttributeProto: 'doc_string tp strings tensors sparse_tensors type_protos',
      TensorProto: 'segment string_data doc_string metadata_props',
      ValueInfoProto: 'doc_string metadata_props',
      TypeProto: 'sequence_type map_type optional_type opaque_type denotation',
      'TensorShapeProto.Dimension': 'denotation',
      FunctionProto: 'doc_string opset_import value_info metadata_props',
    });
  });
});

/** A value that a field of this rule may hold, and what a decoder makes of it. */
function sample(rule: FieldRule, { type }: Declared): [written: FieldValue, read: unknown] {
  if (rule.kind === 'message') return [message(), {}];
  if (rule.kind === 'numbers') return [packedVarints([3, 5]), ['3', '5']];
  if (rule.kind === 'number')
    return rule.wire === WIRE.fixed32 ? [{ f32: 1.5 }, 1.5] : [7, type === 'int64' ? '7' : 7];
  const bytes = new TextEncoder().encode('text');
  return [bytes, type === 'bytes' ? Buffer.from(bytes).toString('base64') : 'text'];
}

interface MessageDecoder {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): Record<string, unknown>;
}

type Namespace = { [name: string]: Namespace } & MessageDecoder;

/** Reads a message with the decoder in use; another that passes here may take its place. */
function decode(messageName: string, bytes: Uint8Array): Record<string, unknown> {
  const root = { onnx } as unknown as Namespace;
  const decoder: MessageDecoder = messageName.split('.').reduce((holder, name) => holder[name], root);
  return decoder.toObject(decoder.decode(bytes), { longs: String, bytes: String });
}

describe('the decoder reads every field that the skeleton keeps', () => {
  /* Younger than onnx-proto; decoded apart. */
  const apart = ({ messageName, number }: { messageName: string; number: number }) =>
    messageName === 'onnx.FunctionProto' && number === 11;
  const kept = rules.filter((entry) => !['checked', 'payload'].includes(entry.rule.kind) && !apart(entry));

  test.each(kept)('$messageName.$field.name', ({ messageName, number, rule, field }) => {
    const moved = rule.kind === 'text' ? rule.to : undefined;
    const [written, read] = sample(rule, field!);
    const name = moved === undefined ? field!.name : 'doc_string';
    const key = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const isList = moved === undefined && field!.repeated && rule.kind !== 'numbers';
    expect(decode(messageName, message([moved ?? number, written]))).toEqual({
      [key]: isList ? [read] : read,
    });
  });

  test('and its places for the numbers of payloads', () => {
    for (const [type, number] of Object.entries(DOC_STRING)) {
      const [messageName] = NAMES[type as MessageType];
      expect(decode(messageName, message([number, '12']))).toEqual({ docString: '12' });
    }
  });
});
