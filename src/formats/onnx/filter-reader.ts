import { AppError } from '../../domain/errors';
import type { FilterBank } from '../../domain/filters';
import type { ModelDescription } from '../../domain/model';
import type { ByteSource } from '../byte-source';
import { readChannelScale } from './batch-norm';
import { evaluatePlan } from './evaluate';
import type { LayerList } from './layers';
import { plainTensor, valueCount } from './plan';
import { isRandomAccess, readRun, type ReadContext } from './read-tensor';
import type { Values } from '../elements/decode';
import { quote } from './words';

/** Reads the filters of a described model; keeps the last weight that had to be computed whole, for the next range of it. */
export class FilterReader {
  #last: { weightId: number; values: Values } | null = null;

  readonly #description: ModelDescription;
  readonly #list: Pick<LayerList, 'plans' | 'scales'>;
  readonly #file: ByteSource;
  readonly #companions: ReadonlyMap<string, ByteSource>;

  constructor(
    description: ModelDescription,
    list: Pick<LayerList, 'plans' | 'scales'>,
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
    const { taps } = layer;
    const context = this.#context(
      `the weight ${quote(layer.weightName)} of layer ${quote(layer.label)}`,
      signal,
    );
    const plan = this.#list.plans[layerIndex];
    const plain = plainTensor(plan);
    if (plain && isRandomAccess(plain)) {
      return { values: await readRun(plain, first * taps, count * taps, context), count, taps };
    }
    if (this.#last?.weightId !== layer.weightId) {
      this.#last = null;
      this.#last = { weightId: layer.weightId, values: await evaluatePlan(plan, context) };
    }
    const values = this.#last.values.slice(first * taps, (first + count) * taps);
    if (first + count === total) this.#last = null;
    return { values, count, taps };
  }

  /** Bytes of the weight in float64 where it has to be computed; 0 where it is read as it lies. */
  evaluationBytes(layerIndex: number): number {
    const plan = this.#list.plans[layerIndex];
    const plain = plainTensor(plan);
    return plain && isRandomAccess(plain) ? 0 : 8 * valueCount(plan.shape);
  }

  async channelScale(layerIndex: number, signal?: AbortSignal): Promise<Float64Array | null> {
    const plan = this.#list.scales[layerIndex];
    if (!plan) return null;
    const { label } = this.#description.layers[layerIndex];
    return readChannelScale(plan, this.#context(`the batch norm after layer ${quote(label)}`, signal));
  }

  #context(subject: string, signal?: AbortSignal): ReadContext {
    return { file: this.#file, companions: this.#companions, subject, signal };
  }
}
