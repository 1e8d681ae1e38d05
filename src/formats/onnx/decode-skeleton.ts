import { quote } from './words';
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
import { VALUES } from './schema';
import type { Skeleton } from './skeleton';

const EXTERNAL = 1;
const NO_ATTRIBUTES: ReadonlyMap<string, AttributeInfo> = new Map();

/** Decodes the skeleton with onnx-proto and joins it with the payloads' places; null where there is no graph. */
export function decodeSkeleton(skeleton: Skeleton, file: string): ModelInfo | null {
  try {
    const model = onnx.ModelProto.decode(skeleton.bytes) as onnx.ModelProto & {
      functions?: onnx.IFunctionProto[];
    };
    if (!model.graph) return null;
    const decoder = new Decoder(skeleton.payloads);
    return {
      irVersion: Object.hasOwn(model, 'irVersion') ? Number(model.irVersion) : null,
      producer: `${model.producerName} ${model.producerVersion}`.trim(),
      opsets: Object.fromEntries(
        (model.opsetImport ?? []).map((o) => [o.domain || 'ai.onnx', Number(o.version ?? 0)]),
      ),
      graph: decoder.graph(model.graph),
      functions: (model.functions ?? []).map((f, i) =>
        decoder.functionInfo(
          f,
          skeleton.functionDefaults[i].map((bytes) => onnx.AttributeProto.decode(bytes)),
        ),
      ),
      locations: decoder.locations,
    };
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
  readonly locations = new Set<string>();
  readonly #payloads: Payload[];

  constructor(payloads: Payload[]) {
    this.#payloads = payloads;
  }

  graph(graph: onnx.IGraphProto): GraphInfo {
    return {
      nodes: (graph.node ?? []).map((n) => this.#node(n)),
      initializers: (graph.initializer ?? []).map((t) => this.#tensor(t)),
      sparseInitializers: (graph.sparseInitializer ?? []).map((s) => this.#sparse(s)),
      inputs: (graph.input ?? []).map((v) => v.name ?? ''),
      outputs: (graph.output ?? []).map((v) => v.name ?? ''),
    };
  }

  functionInfo(f: onnx.IFunctionProto, defaults: onnx.IAttributeProto[]): FunctionInfo {
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
    return new Map(list.map((a) => [a.name ?? '', this.#attribute(a)]));
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
      graphs: graphs.map((g) => this.graph(g)),
    };
  }

  #tensor(t: onnx.ITensorProto): TensorInfo {
    const entries = new Map((t.externalData ?? []).map((e) => [e.key ?? '', e.value ?? '']));
    const isExternal = t.dataLocation === EXTERNAL || (entries.has('location') && !t.docString);
    if (isExternal) this.locations.add(entries.get('location') ?? '');
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
