import type { Layer, LayerKind, ModelWarning, OnnxLayerFacts } from '../../domain/model';
import { batchNormAfter, planChannelScale, type ChannelScalePlan } from './batch-norm';
import { convolutionOf, isForeignConvolution, nodesBehindWeights } from './convolutions';
import { measureDepths } from './depth';
import type { ExpandedGraph } from './expand';
import type { FlatNode } from './expand.types';
import { cycleWarning, failureWarning, foreignWarning, title, WarningList } from './layer-warnings';
import { MAX_LAYERS } from './limits';
import { keptName } from './names';
import { isRawInteger, storedType, valueCount, type WeightPlan } from './plan';
import { isReadDirectly } from './read-tensor';
import type { Resolver } from './resolve';
import { DATA_TYPES } from './tensors/dtypes';
import { Unresolved } from './unresolved';
import { list, quote } from './words';

export interface LayerList {
  layers: Layer[];
  /** By layer index. */
  plans: WeightPlan[];
  /** By layer index: most bytes that computing its weight holds at once; 0 where it is read as it lies. */
  evaluationBytes: number[];
  /** By layer index: what a foldable batch norm makes of each output channel. */
  scales: (ChannelScalePlan | null)[];
  warnings: WarningList;
  /** What kept convolutions out of the list. */
  failures: Unresolved[];
  /** Nodes that convolve, listed or not. */
  convolutionCount: number;
  /** Of these, not looked at since the list is full. */
  beyondCount: number;
}

/** Lists every convolution whose weight is constant, in file order, with its place in the network. */
export async function listLayers(
  graph: ExpandedGraph,
  resolver: Resolver,
  opset: number,
): Promise<LayerList> {
  const { depth, cyclic } = measureDepths(graph.nodes);
  const list: LayerList = {
    layers: [],
    plans: [],
    evaluationBytes: [],
    scales: [],
    warnings: new WarningList(),
    failures: [],
    convolutionCount: 0,
    beyondCount: 0,
  };
  list.warnings.add(...graph.warnings.slice(0, 100));
  if (cyclic.length > 0) list.warnings.add(cycleWarning(cyclic));
  const labels = new Labels();
  const weightIds = new Map<number, number>();
  const behindWeights = nodesBehindWeights(graph.nodes);
  for (const node of graph.nodes) {
    const readConvolution = convolutionOf(node);
    // A Conv of constants whose result is a kernel is part of that kernel's expression.
    if (depth[node.index] === null && behindWeights.has(node)) continue;
    if (!readConvolution) {
      if (isForeignConvolution(node)) {
        list.convolutionCount++;
        list.warnings.addMade(() => foreignWarning(node));
      }
      continue;
    }
    list.convolutionCount++;
    if (list.layers.length >= MAX_LAYERS) {
      list.beyondCount++;
      continue;
    }
    try {
      const { plan, note, operator, node: settled } = await readConvolution(resolver, node);
      checkWeight(plan);
      const evaluationBytes = isReadDirectly(plan) ? 0 : resolver.admit(plan).peakBytes;
      const index = list.layers.length;
      if (!weightIds.has(plan.id)) weightIds.set(plan.id, weightIds.size);
      const layer = describe(settled, plan, operator, index);
      layer.label = labels.choose([
        layer.name,
        keptName(node.node.outputs[0] ?? ''),
        layer.weightName,
        `Conv ${index + 1}`,
      ]);
      layer.weightId = weightIds.get(plan.id)!;
      layer.facts.depth = depth[node.index] ?? 0;
      const scale = await planChannelScale(node, layer, resolver, opset);
      list.layers.push(layer);
      list.plans.push(plan);
      list.evaluationBytes.push(evaluationBytes);
      list.scales.push(scale);
      list.warnings.add(...doubts(settled, layer));
      if (note)
        list.warnings.add({
          code: 'input-scale',
          message: `${title(node)}: ${note}.`,
          node: node.node.name,
        });
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      list.failures.push(error);
      list.warnings.addMade(() => failureWarning(node, error));
    }
  }
  rankDepths(list.layers);
  return list;
}

function describe(
  node: FlatNode,
  plan: WeightPlan,
  operator: OnnxLayerFacts['operator'],
  index: number,
): Layer {
  const groups = groupsOf(node);
  const kernel = plan.shape.slice(2);
  return {
    index,
    name: keptName(node.node.name),
    label: '',
    kind: kindOf(operator, groups, plan.shape[1]),
    kernel,
    shape: plan.shape,
    groups,
    convDepth: null,
    depthFraction: null,
    storedFilterCount: plan.shape[0] * plan.shape[1],
    taps: valueCount(kernel),
    weightId: 0,
    weightName: keptName(plan.origin.name),
    storedType: storedType(plan),
    dilations: integersOf(node, 'dilations'),
    strides: integersOf(node, 'strides'),
    batchNorm: batchNormAfter(node) ? 'unfolded' : 'none',
    facts: { operator, depth: 0 },
  };
}

function kindOf(operator: OnnxLayerFacts['operator'], groups: number, channelsPerGroup: number): LayerKind {
  if (operator === 'ConvTranspose') return 'transposed';
  if (groups <= 1) return 'full';
  return channelsPerGroup === 1 ? 'depthwise' : 'grouped';
}

function groupsOf(node: FlatNode): number {
  const group = node.attributes.get('group')?.integer ?? 1;
  return Number.isSafeInteger(group) && group >= 1 ? group : 1;
}

/** Longer lists are none of a convolution's. */
const MAX_RANK = 64;

function integersOf(node: FlatNode, name: string): number[] | null {
  const integers = node.attributes.get(name)?.integers;
  return integers && integers.length > 0 && integers.length <= MAX_RANK ? integers : null;
}

function checkWeight(plan: WeightPlan): void {
  const tensor = () => quote(plan.origin.name);
  if (plan.shape.length < 3) {
    throw new Unresolved(
      'bad-tensor',
      `its weight ${tensor()} has the shape ${list(plan.shape)}, with no spatial dimension`,
      { advice: null },
    );
  }
  if (!plan.learned) {
    // Exporters fill what they leave out; what is made of numbers is so in the network itself.
    const isFilled = plan.origin.kind === 'fill';
    const how = isFilled ? 'filled with one value by ConstantOfShape' : 'made of fixed numbers';
    throw new Unresolved(
      'no-weights',
      `its weight ${tensor()} is ${how}: the file holds no learned weights for it`,
      isFilled ? {} : { advice: null },
    );
  }
  if (isRawInteger(plan)) {
    const type = DATA_TYPES[plan.origin.dataType].name;
    throw new Unresolved('no-scale', `its weight ${tensor()} holds raw integers (${type}) without a scale`);
  }
  if (valueCount(plan.shape) === 0) {
    throw new Unresolved(
      'bad-tensor',
      `its weight ${tensor()} of shape ${list(plan.shape)} holds no values`,
      { advice: null },
    );
  }
}

function doubts(node: FlatNode, layer: Layer): ModelWarning[] {
  const warnings: ModelWarning[] = [];
  const declared = node.attributes.get('kernel_shape')?.integers ?? [];
  const isOther = declared.length !== layer.kernel.length || declared.some((d, i) => d !== layer.kernel[i]);
  if (declared.length > 0 && isOther) {
    warnings.push({
      code: 'shape-mismatch',
      message: `${title(node)} declares the kernel ${list(declared)}, but its weight ${quote(layer.weightName)} is ${list(layer.shape)}; the weight's size is used.`,
      node: node.node.name,
    });
  }
  const given = node.attributes.get('group')?.integer ?? 1;
  if (given !== layer.groups || layer.shape[0] % layer.groups !== 0) {
    warnings.push({
      code: 'group-mismatch',
      message: `${title(node)} asks for ${given} groups, which its weight ${quote(layer.weightName)} of shape ${list(layer.shape)} cannot be split into.`,
      node: node.node.name,
    });
  }
  return warnings;
}

/** convDepth ranks the distinct depths of all layers but the transposed ones, which take a rank where they share a depth. */
function rankDepths(layers: Layer[]): void {
  const distinct = new Set(layers.filter((l) => l.kind !== 'transposed').map((l) => l.facts.depth));
  const ranks = new Map([...distinct].sort((a, b) => a - b).map((depth, rank) => [depth, rank]));
  for (const layer of layers) {
    layer.convDepth = ranks.get(layer.facts.depth) ?? null;
    if (layer.convDepth !== null)
      layer.depthFraction = ranks.size > 1 ? layer.convDepth / (ranks.size - 1) : 0;
  }
}

/** Hands out labels that are never empty and never the same. */
class Labels {
  readonly #taken = new Set<string>();
  readonly #repeats = new Map<string, number>();

  choose(candidates: string[]): string {
    const base = candidates.find((c) => c.trim() !== '') ?? 'Conv';
    let label = base;
    for (let n = this.#repeats.get(base) ?? 2; this.#taken.has(label); n++) {
      label = `${base} (${n})`;
      this.#repeats.set(base, n + 1);
    }
    this.#taken.add(label);
    return label;
  }
}
