import { DEFAULT_THRESHOLDS, type Thresholds } from '../domain/thresholds';

/** The verdict thresholds on their sliders. */
export class ThresholdState {
  current: Thresholds = $state.raw(DEFAULT_THRESHOLDS);

  set(changes: Partial<Thresholds>): void {
    this.current = { ...this.current, ...changes };
  }

  reset(): void {
    this.current = DEFAULT_THRESHOLDS;
  }

  get changed(): boolean {
    return (Object.keys(DEFAULT_THRESHOLDS) as (keyof Thresholds)[]).some(
      (key) => this.current[key] !== DEFAULT_THRESHOLDS[key],
    );
  }
}
