/** What the nth pin goes by in every chart: A, B, C, then numbers. */
export function pinLetter(n: number): string {
  return n < 26 ? String.fromCharCode(65 + n) : String(n + 1);
}

/** A pinned filter's place in a chart of coefficients. */
export interface PinMark {
  letter: string;
  /** Its coefficient on every component. */
  coefficients: ArrayLike<number>;
}
