import type { ForeignKind } from './foreign';
import { scannedText, scanFields, type ScannedField } from './protobuf-scan';

const TO_ONNX_FROM_TF = 'convert the model with tf2onnx and drop the .onnx file.';
const FIRST_REGULAR = 'export the model as ONNX and drop that.';

function model(what: string, next = FIRST_REGULAR): ForeignKind {
  return { code: 'unsupported-format', what, next };
}

/** A message and the bytes it lies in. */
interface Message {
  head: Uint8Array;
  fields: ScannedField[];
}

/**
 * What a protobuf of another framework is, told by the structure of its first fields (schemas: tensorflow/core/protobuf,
 * keras/saved_metadata.proto, CNTK.proto, caffe.proto, paddle framework.proto, mindspore mind_ir.proto and checkpoint.proto,
 * CoreML Model.proto); null where it is none that is known.
 */
export function recogniseProtobuf(head: Uint8Array): ForeignKind | null {
  const { fields } = scanFields(head, 0, head.byteLength);
  const top: Message = { head, fields };
  return KINDS.find(({ test }) => test(top))?.kind ?? null;
}

const KINDS: readonly { test: (message: Message) => boolean; kind: ForeignKind }[] = [
  {
    test: isKerasMetadata,
    kind: model(
      'the Keras metadata of a TensorFlow SavedModel (keras_metadata.pb), without weights',
      TO_ONNX_FROM_TF,
    ),
  },
  {
    test: isSavedModel,
    kind: model('a TensorFlow SavedModel (saved_model.pb), a format not read yet', TO_ONNX_FROM_TF),
  },
  {
    test: isMetaGraph,
    kind: model('the graph of a TensorFlow checkpoint (.meta), without weights', TO_ONNX_FROM_TF),
  },
  { test: isGraphDef, kind: model('a TensorFlow graph (GraphDef), a format not read yet', TO_ONNX_FROM_TF) },
  { test: isMindIr, kind: model('a MindSpore model (MindIR), a format not read yet') },
  {
    test: isMindSporeCheckpoint,
    kind: model(
      'a MindSpore checkpoint, a format not read yet',
      'export the model as ONNX with mindspore.export and drop that.',
    ),
  },
  {
    test: isPaddle,
    kind: model(
      'a PaddlePaddle program, a format not read yet',
      'convert the model with paddle2onnx and drop the .onnx file.',
    ),
  },
  {
    test: isCoreMl,
    kind: model(
      'a Core ML model (.mlmodel), a format not read yet',
      'drop the model that it was converted from, as ONNX.',
    ),
  },
  {
    test: isCntk,
    kind: model('a CNTK model, a format not read yet', 'save it as ONNX with CNTK and drop that.'),
  },
  {
    test: isCaffe,
    kind: model(
      'a Caffe model (.caffemodel), a format not read yet',
      'convert the model to ONNX and drop that.',
    ),
  },
];

function all({ fields }: Message, number: number, wire = 2): ScannedField[] {
  return fields.filter((field) => field.number === number && field.wire === wire);
}

/** The first message in a field; null where there is none or its bytes are no protobuf. */
function inside(message: Message, number: number): Message | null {
  const [field] = all(message, number);
  if (!field) return null;
  const { fields, broken } = scanFields(message.head, field.valueStart, field.end);
  return broken || fields.length === 0 ? null : { head: message.head, fields };
}

function textOf(message: Message | null, number: number): string | null {
  const [field] = message ? all(message, number) : [];
  return message && field ? scannedText(message.head, field) : null;
}

function startsWithNumber({ fields }: Message): boolean {
  return fields[0]?.number === 1 && fields[0].wire === 0;
}

/** SavedMetadata: nodes with node_id 2, node_path 3, identifier 4 `_tf_keras_...`. */
function isKerasMetadata(top: Message): boolean {
  return textOf(inside(top, 1), 4)?.startsWith('_tf_keras_') === true;
}

/** saved_model_schema_version 1, meta_graphs 2. */
function isSavedModel(top: Message): boolean {
  const graph = startsWithNumber(top) ? inside(top, 2) : null;
  return graph !== null && isMetaGraph(graph);
}

/** MetaGraphDef: meta_info_def 1 (stripped_op_list 2, tags 4, tensorflow_version 5), graph_def 2. */
function isMetaGraph(top: Message): boolean {
  const info = inside(top, 1);
  if (!info) return false;
  const operator = inside(info, 2);
  if (operator && /^[A-Z]\w*$/.test(textOf(inside(operator, 1), 1) ?? '')) return true;
  const version = textOf(info, 5);
  return version !== null && /^\d+\.\d+/.test(version);
}

/** GraphDef: nodes of name 1, op 2 and no field 4 that is an ONNX operator. */
function isGraphDef(top: Message): boolean {
  const node = inside(top, 1);
  if (!node || top.fields[0]?.number !== 1) return false;
  const operator = textOf(node, 2);
  const device = textOf(node, 4) ?? '';
  const isNode = textOf(node, 1) !== null && operator !== null && /^[A-Z_][A-Za-z0-9_>]*$/.test(operator);
  return isNode && (device === '' || /[/:]/.test(device));
}

/** ir_version 1 as text, producer_name 2. */
function isMindIr(top: Message): boolean {
  return textOf(top, 2) === 'MindSpore' || textOf(top, 3) === 'MindSpore';
}

/** Values of tag 1 and tensor 2 (dims 1, tensor_type 2 such as `Float32`). */
function isMindSporeCheckpoint(top: Message): boolean {
  const value = inside(top, 1);
  const tensor = value && inside(value, 2);
  return /^(Float|Int|UInt|Bool)\d*$/.test(textOf(tensor, 2) ?? '') && textOf(value, 1) !== null;
}

/** ProgramDesc: blocks 1 of idx 1 and parent_idx 2, both numbers. */
function isPaddle(top: Message): boolean {
  const block = top.fields[0]?.number === 1 ? inside(top, 1) : null;
  const [idx, parent] = block?.fields ?? [];
  return idx?.number === 1 && idx.wire === 0 && parent?.number === 2 && parent.wire === 0;
}

/** specificationVersion 1, description 2 with inputs 1 of name 1 and type 3. */
function isCoreMl(top: Message): boolean {
  const description = startsWithNumber(top) ? inside(top, 2) : null;
  const feature = description && inside(description, 1);
  return feature !== null && textOf(feature, 1) !== null && inside(feature, 3) !== null;
}

/** Dictionary: version 1, entries 2 of key 1 and value 2. */
function isCntk(top: Message): boolean {
  if (!startsWithNumber(top)) return false;
  const keys = all(top, 2).map((field) => {
    const { fields, broken } = scanFields(top.head, field.valueStart, field.end);
    return broken ? null : textOf({ head: top.head, fields }, 1);
  });
  return keys.some((key) => CNTK_KEYS.has(key ?? ''));
}

const CNTK_KEYS: ReadonlySet<string> = new Set([
  'type',
  'uid',
  'root_uid',
  'name',
  'version',
  'inputs',
  'primitive_functions',
  'attributes',
  'op',
  'internal_worker_state',
]);

/** NetParameter: name 1, then layers 100 (name 1, type 2 as text) or, in files of old, 2 (name 4, type 5 as a number). */
function isCaffe(top: Message): boolean {
  const layer = inside(top, 100);
  if (layer && textOf(layer, 1) !== null && textOf(layer, 2) !== null) return true;
  const old = inside(top, 2);
  return old !== null && textOf(old, 4) !== null && all(old, 5, 0).length > 0;
}
