import { formatCount } from '../../domain/format';
import { AppError } from '../../domain/errors';
import { FORMAT_NAMES } from '../../domain/format-names';
import type { FilterBank } from '../../domain/filters';
import type { ModelDescription, OnnxFacts } from '../../domain/model';
import type { ByteSource } from '../byte-source';
import { Companions } from '../companions';
import type { ModelFormat, OpenModel, ReadOptions } from '../reader';
import type { ChannelScalePlan } from './batch-norm';
import { decodeSkeleton } from './decode-skeleton';
import { expandModel } from './expand';
import { FilterReader } from './filter-reader';
import type { ModelInfo } from './graph.types';
import { listLayers, type LayerList } from './layers';
import { MAX_LAYERS } from './limits';
import { fromFlat, layFlat, type PlanList } from './plan-list';
import { Resolver } from './resolve';
import { buildSkeleton } from './skeleton';
import { sniffOnnx, type OnnxLayout } from './sniff';
import { WireCursor } from './wire';
import { quote } from './words';

const HEAD_BYTES = 4096;
/** ONNX itself has some 200 operators, and a model imports a handful of domains. */
const MAX_OPERATORS = 500;
const MAX_OPSETS = 50;

export const onnxFormat: ModelFormat = {
  names: FORMAT_NAMES.onnx,
  matches: (head, source) => sniffOnnx(head, source.byteLength) !== null,
  open: readOnnx,
  resume: (content, source, companions) => openModel(fromOutline(content as OnnxOutline), source, companions),
};

/**
 * Lists the convolutions of an ONNX file; weights are read when asked for.
 * @throws AppError where the file is no ONNX model, is damaged or cut short, or where every weight lies in files that were
 * not dropped along
 */
export async function readOnnx(source: ByteSource, options: ReadOptions): Promise<OpenModel> {
  const { companions, signal, onProgress } = options;
  const head = await source.slice(0, Math.min(HEAD_BYTES, source.byteLength));
  const layout = sniffOnnx(head, source.byteLength);
  if (!layout) throw notOnnx(source);
  const cursor = new WireCursor(source, signal, (position) => onProgress?.(position, source.byteLength));
  const { model, trailingBytes } = await readGraph(cursor, layout);
  onProgress?.(source.byteLength, source.byteLength);
  if (!model) throw notOnnx(source);
  signal?.throwIfAborted();
  const graph = expandModel(model, source.name);
  signal?.throwIfAborted();
  const opset = model.opsets['ai.onnx'] ?? 1;
  const files = new Companions(companions, model.locations);
  const list = await listLayers(graph, new Resolver(source, files, opset, signal), opset);
  if (list.layers.length === 0) refuseWithoutExternal(list, source.name, files);
  const description: ModelDescription = {
    name: source.name,
    byteLength: source.byteLength,
    facts: {
      format: 'onnx',
      producer: model.producer,
      irVersion: model.irVersion,
      ...listed(model.opsets, graph.operatorCounts),
    },
    dataFiles: dataFiles(model.locations, files),
    layers: list.layers,
    warnings: [...fileWarnings(trailingBytes, list, source.name), ...list.warnings.toArray()],
  };
  const { plans, scales, evaluationBytes } = list;
  return openModel({ description, plans, scales, evaluationBytes }, source, companions);
}

/** What the file holds but weights, and how many bytes follow the model. */
async function readGraph(
  cursor: WireCursor,
  layout: OnnxLayout,
): Promise<{ model: ModelInfo | null; trailingBytes: number }> {
  const skeleton = await buildSkeleton(cursor, layout);
  const { trailingBytes } = skeleton;
  return { model: decodeSkeleton(skeleton, cursor.source.name), trailingBytes };
}

interface ListedModel extends Pick<LayerList, 'plans' | 'scales' | 'evaluationBytes'> {
  description: ModelDescription;
}

/** Plans by their places in `steps`. */
interface OnnxOutline extends Pick<ListedModel, 'description' | 'evaluationBytes'> {
  steps: PlanList;
  plans: number[];
  scales: ((Omit<ChannelScalePlan, 'gamma' | 'variance'> & { gamma: number; variance: number }) | null)[];
}

function toOutline({ description, evaluationBytes, plans, scales }: ListedModel): OnnxOutline {
  const behindScales = scales.flatMap((scale) => (scale ? [scale.gamma, scale.variance] : []));
  const { list, placeOf } = layFlat([...plans, ...behindScales]);
  return {
    description,
    evaluationBytes,
    steps: list,
    plans: plans.map(placeOf),
    scales: scales.map(
      (scale) => scale && { ...scale, gamma: placeOf(scale.gamma), variance: placeOf(scale.variance) },
    ),
  };
}

function fromOutline({ description, evaluationBytes, steps, plans, scales }: OnnxOutline): ListedModel {
  const restored = fromFlat(steps);
  return {
    description,
    evaluationBytes,
    plans: plans.map((place) => restored[place]),
    scales: scales.map(
      (scale) => scale && { ...scale, gamma: restored[scale.gamma], variance: restored[scale.variance] },
    ),
  };
}

function openModel(
  listed: ListedModel,
  source: ByteSource,
  companions: ReadonlyMap<string, ByteSource>,
): OpenModel {
  const { description } = listed;
  const reader = new FilterReader(description, listed, source, companions);
  return {
    description,
    outline: () => ({ format: 'onnx', content: toOutline(listed) }),
    evaluationBytes: (layerIndex) => reader.evaluationBytes(layerIndex),
    readFilters: (layerIndex, range, readSignal): Promise<FilterBank> =>
      reader.read(layerIndex, range, readSignal),
    readChannelScale: (layerIndex, readSignal) => reader.channelScale(layerIndex, readSignal),
  };
}

/** Files dropped along that the model names as holding tensors, by path. */
function dataFiles(locations: Iterable<string>, companions: Companions): string[] {
  const found = [...locations].map((location) => companions.find(location));
  return [...new Set(found.filter((path) => path !== null))].sort();
}

/** Opsets and operators as far as a page can list them. */
function listed(
  opsets: Record<string, number>,
  operatorCounts: Record<string, number>,
): Pick<OnnxFacts, 'opsets' | 'operatorCounts' | 'omitted'> {
  const domains = Object.entries(opsets);
  const operators = Object.entries(operatorCounts);
  if (domains.length <= MAX_OPSETS && operators.length <= MAX_OPERATORS) return { opsets, operatorCounts };
  operators.sort(([, a], [, b]) => b - a);
  const rest = operators.slice(MAX_OPERATORS);
  return {
    opsets: Object.fromEntries(domains.slice(0, MAX_OPSETS)),
    operatorCounts: Object.fromEntries(operators.slice(0, MAX_OPERATORS)),
    omitted: {
      opsets: Math.max(0, domains.length - MAX_OPSETS),
      operatorTypes: rest.length,
      operatorNodes: rest.reduce((sum, [, count]) => sum + count, 0),
    },
  };
}

function fileWarnings(trailingBytes: number, list: LayerList, file: string): ModelDescription['warnings'] {
  const warnings: ModelDescription['warnings'] = [];
  if (trailingBytes > 0) {
    warnings.push({
      code: 'trailing-bytes',
      message: `${quote(file)} ends with ${trailingBytes} bytes that are no part of the model; they are ignored.`,
    });
  }
  if (list.beyondCount > 0) {
    warnings.push({
      code: 'too-large',
      message: `${formatCount(list.beyondCount)} of the ${formatCount(list.convolutionCount)} convolutions of ${quote(file)} are left out: Filterscope takes the first ${formatCount(MAX_LAYERS)} in the order of the file.`,
    });
  }
  if (list.convolutionCount === 0) {
    warnings.push({
      code: 'no-convolutions',
      message: `${quote(file)} has no convolution: there are no filters to read.`,
    });
  } else if (list.layers.length === 0) {
    warnings.push({
      code: 'no-readable-weights',
      message:
        list.convolutionCount === 1
          ? `The one convolution of ${quote(file)} has no weights that can be read; the reason follows.`
          : `None of the ${list.convolutionCount} convolutions of ${quote(file)} has weights that can be read; the reasons follow.`,
    });
  }
  return warnings;
}

/** Where nothing can be shown because of files outside the model, asking for them is the one useful answer. */
function refuseWithoutExternal(list: LayerList, file: string, companions: Companions): void {
  const of = (code: string) =>
    [...new Set(list.failures.filter((f) => f.code === code).map((f) => f.file ?? ''))].sort();
  const missing = of('missing-external-data');
  if (missing.length > 0) {
    const names = missing
      .slice(0, 5)
      .map((name) => quote(name))
      .join(', ');
    const alike = missing.map((name) => companions.alike(name)).find((name) => name !== null);
    const hint = alike ? ` A file named ${quote(alike)} was dropped: to the model that is another name.` : '';
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
    throw new AppError(
      'missing-external-data',
      `${quote(file)} keeps its weights in ${names}${more}: drop ${missing.length === 1 ? 'that file' : 'those files'} together with it.${hint}`,
      { file, missing },
    );
  }
  const refused = of('refused-path');
  if (refused.length > 0) {
    throw new AppError(
      'malformed',
      `${quote(file)} points to weights at ${quote(refused[0])}, outside its own folder, which Filterscope does not read; export it again with its weights beside it.`,
      { file, refused },
    );
  }
}

function notOnnx({ name }: ByteSource): AppError {
  return new AppError(
    'wrong-kind',
    `${quote(name)} is not an ONNX model: no graph was found in it; export the model as ONNX.`,
    {
      file: name,
    },
  );
}
