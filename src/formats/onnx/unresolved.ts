import { reasonOf } from './words';

type Code =
  | 'unresolved-weight'
  | 'runtime-weight'
  | 'no-weights'
  | 'no-scale'
  | 'bad-tensor'
  | 'missing-external-data'
  | 'refused-path'
  | 'too-large';

/** What can be done about a weight that cannot be read, as the last clause of a sentence. */
const ADVICE = {
  again: 'export the model again',
  beside: 'export the model with its weights beside it',
  drop: 'drop that file together with the model',
  dropWhole: 'drop the whole file that was written with this model',
  float32: 'export the model with its weights as float32',
  fold: 'export the model with constant folding, so that the weight is stored as a tensor',
  scale: 'export it with the scales of its integers, or before it is quantised',
  standard: 'export the model with standard operators',
  unquantised: 'export the model before it is quantised',
  unroll: 'export the model with the loop unrolled',
  weights: 'export the model with its weights in it',
} as const;

export type Advice = keyof typeof ADVICE;

/** What mostly helps; null where nothing does. */
const USUAL_ADVICE: Readonly<Record<Code, Advice | null>> = {
  'unresolved-weight': 'again',
  'runtime-weight': null,
  'no-weights': 'weights',
  'no-scale': 'scale',
  'bad-tensor': 'again',
  'missing-external-data': 'drop',
  'refused-path': 'beside',
  'too-large': null,
};

/** Why a weight cannot be read; becomes a warning of the model, never an exception outside the reader. */
export class Unresolved extends Error {
  /** Tensors and operators from the convolution down to the obstacle. */
  readonly chain: string[] = [];

  readonly code: Code;
  readonly reason: string;
  /** The companion file that is missing, or the path that is refused. */
  readonly file: string | null;
  readonly #advice: Advice | null;

  /**
   * @param code stable word of the warning
   * @param reason a clause that names the tensor: `the tensor "w" is ...`
   * @param more.advice where another one helps than mostly does with this code, or none
   */
  constructor(code: Code, reason: string, more: { file?: string; advice?: Advice | null } = {}) {
    super(reason);
    this.code = code;
    this.reason = reasonOf(reason);
    this.file = more.file ?? null;
    this.#advice = more.advice === undefined ? USUAL_ADVICE[code] : more.advice;
  }

  /** '' where nothing helps. */
  get advice(): string {
    return this.#advice === null ? '' : ADVICE[this.#advice];
  }

  /** The same seen from a value that is made of the one it befell. */
  behind(name: string): Unresolved {
    const { code, reason, file } = this;
    const chained = new Unresolved(code, reason, { file: file ?? undefined, advice: this.#advice });
    chained.chain.push(name, ...this.chain.slice(0, 8));
    return chained;
  }
}

/** For constants that others than Filterscope can compute. */
export function notFollowed(reason: string, advice: Advice | null = 'fold'): Unresolved {
  return new Unresolved('unresolved-weight', reason, { advice });
}
