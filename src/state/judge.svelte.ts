import { VERDICTS, readVerdict, verdicts, type Verdict, type VerdictName } from '../analysis/verdicts';
import type { Layer } from '../domain/model';
import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import { EntropyNulls } from './entropy-nulls.svelte';
import type { ModelEntry } from './model-entry.svelte';
import type { ThresholdState } from './thresholds.svelte';

interface Known {
  thresholds: Thresholds;
  simulatedThreshold: number | null;
  found: Verdict[];
}

/** Reads the quality of layers with the thresholds in force. */
export class Judge {
  readonly nulls = new EntropyNulls();
  readonly #thresholds: ThresholdState;
  /** Verdicts are asked for by several views at every paint. */
  readonly #known = new WeakMap<LayerResult, Known>();

  constructor(thresholds: ThresholdState) {
    this.#thresholds = thresholds;
  }

  /** All verdicts on a layer, gravest first. */
  verdicts(layer: Layer, result: LayerResult): Verdict[] {
    const thresholds = this.#thresholds.current;
    const simulatedThreshold = this.nulls.of(layer, result)?.low ?? null;
    const known = this.#known.get(result);
    if (known?.thresholds === thresholds && known.simulatedThreshold === simulatedThreshold) {
      return known.found;
    }
    const { kernel } = layer;
    const { filterCount } = result;
    const found = verdicts(result.quality, thresholds, { kernel, filterCount, simulatedThreshold });
    this.#known.set(result, { thresholds, simulatedThreshold, found });
    return found;
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
