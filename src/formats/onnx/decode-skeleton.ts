import { onnx } from 'onnx-proto';
import { AppError } from '../../domain/errors';
import type {
  AttributeInfo,
  FunctionInfo,
  GraphInfo,
  ModelInfo,
  NodeInfo,
  SparseTensorInfo,
  TensorInfo,
} from './graph.types';
import { NO_PAYLOAD, type Payload } from './payload';
import { scanField } from '../protobuf-scan';
import { VALUES } from './schema';
import type { Skeleton } from './skeleton';
import { SkeletonWriter } from './skeleton-writer';
import { quote } from './words';

const EXTERNAL = 1;
const NO_ATTRIBUTES: ReadonlyMap<string, AttributeInfo> = new Map();

/** Decodes the skeleton with onnx-proto and joins it with the payloads' places; null where there is no graph. */
export function decodeSkeleton(skeleton: Skeleton, file: string): ModelInfo | null {
  try {
    return new Decoder(skeleton.payloads).model(skeleton.bytes);
  } catch (cause) {
    throw new AppError(
      'malformed',
      `${quote(file)} is damaged: its graph cannot be decoded; download or export it again.`,
      { file },
      cause,
    );
  }
}

class Decoder {
  readonly #locations = new Set<string>();
  readonly #payloads: Payload[];
  /** Settings that thousands of nodes share are held once. */
  readonly #settings = new Map<string, ReadonlyMap<string, AttributeInfo>>();

  constructor(payloads: Payload[]) {
    this.#payloads = payloads;
  }

  model(bytes: Uint8Array): ModelInfo | null {
    const graphs: Uint8Array[] = [];
    const functions: Uint8Array[] = [];
    const rest = takeOut(bytes, { 7: (part) => graphs.push(part), 25: (f) => functions.push(f) });
    if (graphs.length === 0) return null;
    const model = onnx.ModelProto.decode(rest.view());
    return {
      irVersion: Object.hasOwn(model, 'irVersion') ? Number(model.irVersion) : null,
      producer: `${model.producerName} ${model.producerVersion}`.trim(),
      opsets: Object.fromEntries(
        (model.opsetImport ?? []).map((o) => [o.domain || 'ai.onnx', Number(o.version ?? 0)]),
      ),
      graph: this.#mainGraph(graphs),
      functions: functions.map((f) => this.#function(f)),
      locations: this.#locations,
    };
  }

  /** Nodes and tensors one by one: what onnx-proto makes of all of them takes many times their size. */
  #mainGraph(parts: readonly Uint8Array[]): GraphInfo {
    const nodes: NodeInfo[] = [];
    const initializers: TensorInfo[] = [];
    const rest = new SkeletonWriter();
    // A repeated graph field means one graph in parts.
    for (const part of parts) {
      const messages = {
        1: (node: Uint8Array) => nodes.push(this.#node(onnx.NodeProto.decode(node))),
        5: (tensor: Uint8Array) => initializers.push(this.#tensor(onnx.TensorProto.decode(tensor))),
      };
      takeOut(part, messages, rest);
    }
    return { ...this.#graph(onnx.GraphProto.decode(rest.view())), nodes, initializers };
  }

  #graph(graph: onnx.IGraphProto): GraphInfo {
    return {
      nodes: (graph.node ?? []).map((n) => this.#node(n)),
      initializers: (graph.initializer ?? []).map((t) => this.#tensor(t)),
      sparseInitializers: (graph.sparseInitializer ?? []).map((s) => this.#sparse(s)),
      inputs: (graph.input ?? []).map((v) => v.name ?? ''),
      outputs: (graph.output ?? []).map((v) => v.name ?? ''),
    };
  }

  #function(bytes: Uint8Array): FunctionInfo {
    // Newer than onnx-proto's schema.
    const defaults: onnx.IAttributeProto[] = [];
    const rest = takeOut(bytes, { 11: (a) => defaults.push(onnx.AttributeProto.decode(a)) });
    const f = onnx.FunctionProto.decode(rest.view());
    return {
      name: f.name ?? '',
      domain: domainOf(f.domain),
      overload: f.docString ?? '',
      inputs: f.input ?? [],
      outputs: f.output ?? [],
      nodes: (f.node ?? []).map((n) => this.#node(n)),
      defaults: this.#attributes(defaults),
    };
  }

  #node(node: onnx.INodeProto): NodeInfo {
    return {
      name: node.name ?? '',
      operator: node.opType ?? '',
      domain: domainOf(node.domain),
      overload: node.docString ?? '',
      inputs: node.input ?? [],
      outputs: node.output ?? [],
      attributes: this.#attributes(node.attribute ?? []),
    };
  }

  #attributes(list: onnx.IAttributeProto[]): ReadonlyMap<string, AttributeInfo> {
    if (list.length === 0) return NO_ATTRIBUTES;
    const key = keyOf(list);
    const known = key === null ? undefined : this.#settings.get(key);
    if (known) return known;
    const attributes = new Map(list.map((a) => [a.name ?? '', this.#attribute(a)]));
    if (key !== null) this.#settings.set(key, attributes);
    return attributes;
  }

  #attribute(a: onnx.IAttributeProto): AttributeInfo {
    const graphs = a.g ? [a.g, ...(a.graphs ?? [])] : (a.graphs ?? []);
    const zero = unwrittenZero(a);
    return {
      name: a.name ?? '',
      reference: a.refAttrName ?? '',
      integer: Object.hasOwn(a, 'i') ? Number(a.i) : zero.integer,
      float: Object.hasOwn(a, 'f') ? Number(a.f) : zero.float,
      word: a.s ? new TextDecoder().decode(a.s) : '',
      integers: a.docString === 'dropped' ? null : (a.ints ?? []).map(Number),
      floats: this.#payload(a.docString).typed[VALUES.attributeFloats] ?? [],
      tensor: a.t ? this.#tensor(a.t) : null,
      sparse: a.sparseTensor ? this.#sparse(a.sparseTensor) : null,
      graphs: graphs.map((g) => this.#graph(g)),
    };
  }

  #tensor(t: onnx.ITensorProto): TensorInfo {
    const entries = new Map((t.externalData ?? []).map((e) => [e.key ?? '', e.value ?? '']));
    const isExternal = t.dataLocation === EXTERNAL || (entries.has('location') && !t.docString);
    if (isExternal) this.#locations.add(entries.get('location') ?? '');
    return {
      name: t.name ?? '',
      dataType: t.dataType ?? 0,
      dims: (t.dims ?? []).map(Number),
      payload: this.#payload(t.docString),
      external: isExternal
        ? {
            location: entries.get('location') ?? '',
            offset: entries.get('offset') ?? '',
            length: entries.get('length') ?? '',
          }
        : null,
    };
  }

  #sparse(s: onnx.ISparseTensorProto): SparseTensorInfo {
    const values = this.#tensor(s.values ?? {});
    return {
      name: values.name,
      values,
      indices: this.#tensor(s.indices ?? {}),
      dims: (s.dims ?? []).map(Number),
    };
  }

  #payload(number: string | null | undefined): Payload {
    return number ? (this.#payloads[Number(number)] ?? NO_PAYLOAD) : NO_PAYLOAD;
  }
}

/** Hands the messages of some fields over, the others go to `rest`. */
function takeOut(
  bytes: Uint8Array,
  messages: Readonly<Record<number, (message: Uint8Array) => void>>,
  rest = new SkeletonWriter(),
): SkeletonWriter {
  for (let at = 0; at < bytes.byteLength;) {
    const field = scanField(bytes, at, bytes.byteLength);
    if (field === 'cut' || field === 'broken') throw new Error(`no field at byte ${at} of the skeleton`);
    const take = messages[field.number];
    if (take) take(bytes.subarray(field.valueStart, field.end));
    else rest.bytes(bytes.subarray(at, field.end));
    at = field.end;
  }
  return rest;
}

const LONGEST_KEPT_LIST = 16;

/** Equal for equal attributes; null where one holds more than a few integers or a word. */
function keyOf(list: readonly onnx.IAttributeProto[]): string | null {
  let key = '';
  for (const a of list) {
    const ints = a.ints ?? [];
    const isPlain =
      ints.length <= LONGEST_KEPT_LIST &&
      !['f', 't', 'g', 'sparseTensor'].some((field) => Object.hasOwn(a, field)) &&
      !a.floats?.length &&
      !a.graphs?.length &&
      !a.refAttrName &&
      !a.docString;
    if (!isPlain) return null;
    const [name, integer, word] = [a.name ?? '', Object.hasOwn(a, 'i') ? a.i : '-', a.s ?? ''];
    key += `${name.length} ${name} ${a.type} ${integer} [${word}] [${ints}] `;
  }
  return key;
}

const { FLOAT, INT, UNDEFINED } = onnx.AttributeProto.AttributeType;

/**
 * What an attribute without a value stands for: writers drop zeros, so it is zero, not the operator's default. Without a
 * type (IR 1) it is the zero of whatever is asked for; a reference to the caller's attribute is none of its own.
 */
function unwrittenZero(a: onnx.IAttributeProto): { integer: 0 | null; float: 0 | null } {
  const type = a.refAttrName ? null : (a.type ?? UNDEFINED);
  const isBare =
    type === UNDEFINED &&
    !['f', 'i', 's', 't', 'g', 'sparseTensor'].some((field) => Object.hasOwn(a, field)) &&
    [a.ints, a.floats, a.graphs].every((list) => (list ?? []).length === 0) &&
    !a.docString;
  return {
    integer: type === INT || isBare ? 0 : null,
    float: type === FLOAT || isBare ? 0 : null,
  };
}

function domainOf(domain: string | null | undefined): string {
  return !domain || domain === 'ai.onnx' ? '' : domain;
}
