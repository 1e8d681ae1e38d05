import { AppError } from '../../domain/errors';
import { formatBytes } from '../../domain/format';
import type { FilterBank } from '../../domain/filters';
import type { Layer, ModelDescription } from '../../domain/model';
import type { ByteSource } from '../byte-source';
import { readChannelScale } from './batch-norm';
import { evaluatePlan } from './evaluate';
import type { LayerList } from './layers';
import { plainTensor, valueCount } from './plan';
import { isRandomAccess, readRun, type ReadContext } from './read-tensor';
import type { Values } from '../elements/decode';
import { quote } from './words';

const BYTES_PER_VALUE = 8;
/** Gamma, the variance and what is made of them. */
const ARRAYS_OF_SCALE = 3;

/** Reads the filters of a described model; keeps the last weight that had to be computed whole, for the next range of it. */
export class FilterReader {
  #last: { weightId: number; values: Values } | null = null;
  /** Ends when the evaluations asked for so far have. */
  #turn: Promise<void> = Promise.resolve();

  readonly #description: ModelDescription;
  readonly #list: Pick<LayerList, 'plans' | 'scales' | 'evaluationBytes'>;
  readonly #file: ByteSource;
  readonly #companions: ReadonlyMap<string, ByteSource>;

  constructor(
    description: ModelDescription,
    list: Pick<LayerList, 'plans' | 'scales' | 'evaluationBytes'>,
    file: ByteSource,
    companions: ReadonlyMap<string, ByteSource>,
  ) {
    this.#description = description;
    this.#list = list;
    this.#file = file;
    this.#companions = companions;
  }

  async read(
    layerIndex: number,
    range: { first: number; count: number } | undefined,
    signal?: AbortSignal,
  ): Promise<FilterBank> {
    const layer = this.#description.layers[layerIndex];
    const total = layer?.storedFilterCount ?? 0;
    const { first, count } = range ?? { first: 0, count: total };
    if (
      !layer ||
      !Number.isSafeInteger(first) ||
      !Number.isSafeInteger(count) ||
      first < 0 ||
      count < 0 ||
      first + count > total
    ) {
      throw new AppError(
        'internal',
        `Filters ${first} to ${first + count} of layer ${layerIndex} were asked for; it has ${total}.`,
      );
    }
    const subject = `the weight ${quote(layer.weightName)} of layer ${quote(layer.label)}`;
    const context = this.#context(subject, signal);
    try {
      return { values: await this.#values(layer, { first, count }, context), count, taps: layer.taps };
    } catch (error) {
      const bytes = this.evaluationBytes(layer.index) || BYTES_PER_VALUE * count * layer.taps;
      throw asNoMemory(error, { layer, tensor: layer.weightName, bytes }, context);
    }
  }

  /** Most bytes held at once while the layer's weight is computed; 0 where it is read as it lies. */
  evaluationBytes(layerIndex: number): number {
    return this.#list.evaluationBytes[layerIndex];
  }

  async #values(
    layer: Layer,
    { first, count }: { first: number; count: number },
    context: ReadContext,
  ): Promise<Values> {
    const { taps, storedFilterCount, weightId } = layer;
    const plan = this.#list.plans[layer.index];
    const plain = plainTensor(plan);
    if (plain && isRandomAccess(plain)) return readRun(plain, first * taps, count * taps, context);
    return this.#inTurn(async () => {
      context.signal?.throwIfAborted();
      if (this.#last?.weightId !== weightId) {
        this.#last = null;
        this.#last = { weightId, values: await evaluatePlan(plan, context) };
      }
      const { values } = this.#last;
      if (first + count === storedFilterCount) this.#last = null;
      return count === storedFilterCount ? values : values.slice(first * taps, (first + count) * taps);
    });
  }

  /** One evaluation at a time, so that requests together hold no more than one of them does. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#turn;
    let done!: () => void;
    this.#turn = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work();
    } finally {
      done();
    }
  }

  async channelScale(layerIndex: number, signal?: AbortSignal): Promise<Float64Array | null> {
    const plan = this.#list.scales[layerIndex];
    if (!plan) return null;
    const layer = this.#description.layers[layerIndex];
    const context = this.#context(`the batch norm after layer ${quote(layer.label)}`, signal);
    try {
      return await this.#inTurn(() => {
        signal?.throwIfAborted();
        if (plan.evaluationBytes > 0) this.#last = null;
        return readChannelScale(plan, context);
      });
    } catch (error) {
      const bytes = plan.evaluationBytes || ARRAYS_OF_SCALE * BYTES_PER_VALUE * valueCount(plan.gamma.shape);
      throw asNoMemory(error, { layer, tensor: plan.gamma.origin.name, bytes }, context);
    }
  }

  #context(subject: string, signal?: AbortSignal): ReadContext {
    return { file: this.#file, companions: this.#companions, subject, signal };
  }
}

/** What engines throw where an array cannot be had is a RangeError, and nothing else here throws one; other errors stay. */
function asNoMemory(
  error: unknown,
  { layer, tensor, bytes }: { layer: Layer; tensor: string; bytes: number },
  { file, subject }: ReadContext,
): unknown {
  if (!(error instanceof RangeError)) return error;
  return new AppError(
    'no-memory',
    `${quote(file.name)}: the browser refused the memory for ${subject}, about ${formatBytes(bytes)}; close other tabs and try again.`,
    { file: file.name, tensor: tensor.slice(0, 120), layer: layer.label.slice(0, 120), bytes },
    error,
  );
}
