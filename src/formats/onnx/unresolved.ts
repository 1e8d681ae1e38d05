import { reasonOf } from './words';

/** Why a weight cannot be read; becomes a warning of the model, never an exception outside the reader. */
export class Unresolved extends Error {
  /** Tensors and operators from the convolution down to the obstacle. */
  readonly chain: string[] = [];

  readonly code:
    | 'unresolved-weight'
    | 'runtime-weight'
    | 'no-weights'
    | 'no-scale'
    | 'bad-tensor'
    | 'missing-external-data'
    | 'refused-path'
    | 'too-large';
  readonly reason: string;
  readonly file: string | null;

  /**
   * @param code stable word of the warning
   * @param reason a clause that names the tensor: `the tensor "w" is ...`
   * @param file the companion file that is missing, or the path that is refused
   */
  constructor(
    code:
      | 'unresolved-weight'
      | 'runtime-weight'
      | 'no-weights'
      | 'no-scale'
      | 'bad-tensor'
      | 'missing-external-data'
      | 'refused-path'
      | 'too-large',
    reason: string,
    file: string | null = null,
  ) {
    super(reason);
    this.code = code;
    this.reason = reasonOf(reason);
    this.file = file;
  }
}
