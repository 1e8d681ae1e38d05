/**
 * Every failure the user can meet, grouped by who can act on it.
 * - file: the file is wrong or incomplete; the user can choose another or add what is missing
 * - environment: the browser or device lacks something
 * - ours: a defect of Filterscope
 */
const ERROR_CODES = {
  file: [
    'empty-file',
    'wrong-kind',
    'unsupported-format',
    'truncated',
    'malformed',
    'no-convolutions',
    'missing-external-data',
    'too-large',
    'unreadable',
  ],
  environment: ['no-memory', 'backend-failed', 'device-lost'],
  ours: ['worker-crashed', 'internal'],
} as const;

type Codes = typeof ERROR_CODES;
export type ErrorGroup = keyof Codes;
export type ErrorCode = Codes[ErrorGroup][number];

/** Plain facts an error carries beside its sentence; shown folded below the message. */
export type ErrorDetails = Record<string, string | number | boolean | readonly string[] | null>;

/** An error that survives structured clone as plain data (see `toPlainError`, `fromPlainError`). */
export interface PlainError {
  code: ErrorCode;
  message: string;
  details: ErrorDetails;
  cause?: string;
}

/**
 * The one error class users see. `message` is one complete sentence that names the file, the tensor or layer and the
 * numbers, and says what to do next; it never holds the text of an internal exception (that goes to `cause`).
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

export function errorGroup(code: ErrorCode): ErrorGroup {
  for (const group of Object.keys(ERROR_CODES) as ErrorGroup[]) {
    if ((ERROR_CODES[group] as readonly string[]).includes(code)) return group;
  }
  return 'ours';
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** What engines throw where an array cannot be had: V8 and WebKit a RangeError, Firefox a RangeError or an InternalError. */
export function isAllocationFailure(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (error.name === 'RangeError' || error.name === 'InternalError') &&
    /allocat|out of memory|invalid (typed )?array (buffer )?length/i.test(error.message)
  );
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      details: error.details,
      ...(error.cause === undefined ? {} : { cause: describeCause(error.cause) }),
    };
  }
  if (isAllocationFailure(error)) {
    return {
      code: 'no-memory',
      message:
        'The browser refused the memory for this; close other tabs and try again, or take a smaller model.',
      details: {},
      cause: describeCause(error),
    };
  }
  return {
    code: 'internal',
    message: 'Something in Filterscope failed; the details below help us mend it.',
    details: {},
    cause: describeCause(error),
  };
}

export function fromPlainError(plain: PlainError): AppError {
  return new AppError(plain.code, plain.message, plain.details, plain.cause);
}

function describeCause(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  return String(cause);
}
