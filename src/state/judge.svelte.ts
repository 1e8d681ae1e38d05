import { VERDICTS, readVerdict, verdicts, type Verdict, type VerdictName } from '../analysis/verdicts';
import type { Layer } from '../domain/model';
import type { LayerResult } from '../domain/results';
import { EntropyNulls } from './entropy-nulls.svelte';
import type { ModelEntry } from './model-entry.svelte';
import type { ThresholdState } from './thresholds.svelte';

/** Reads the quality of layers with the thresholds in force. */
export class Judge {
  readonly nulls = new EntropyNulls();
  readonly #thresholds: ThresholdState;

  constructor(thresholds: ThresholdState) {
    this.#thresholds = thresholds;
  }

  /** All verdicts on a layer, gravest first. */
  verdicts(layer: Layer, result: LayerResult): Verdict[] {
    return verdicts(result.quality, this.#thresholds.current, {
      kernel: layer.kernel,
      filterCount: result.filterCount,
      simulatedThreshold: this.nulls.of(layer, result)?.mean ?? null,
    });
  }

  verdict(layer: Layer, result: LayerResult): Verdict {
    return readVerdict(this.verdicts(layer, result));
  }

  /** Layers of a model by their gravest verdict, gravest first; verdicts no layer has are left out. */
  count(entry: ModelEntry): [VerdictName, number][] {
    const names = (entry.description?.layers ?? []).flatMap((layer) => {
      const result = entry.layers[layer.index];
      return result ? [this.verdict(layer, result).name] : [];
    });
    return VERDICTS.map((name): [VerdictName, number] => [
      name,
      names.filter((other) => other === name).length,
    ]).filter(([, count]) => count > 0);
  }
}
