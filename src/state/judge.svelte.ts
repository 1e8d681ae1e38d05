import { judge, judgedLayer, readVerdict, type Judgement, type Verdict } from '../analysis/verdicts';
import { VERDICTS, type VerdictName } from '../analysis/verdict-names';
import type { Layer } from '../domain/model';
import type { LayerResult } from '../domain/results';
import type { Thresholds } from '../domain/thresholds';
import type { ModelEntry } from './model-entry.svelte';
import type { ThresholdState } from './thresholds.svelte';

interface Known {
  thresholds: Thresholds;
  judgement: Judgement;
}

/** Reads the quality of layers with the thresholds in force. */
export class Judge {
  readonly #thresholds: ThresholdState;
  /** Verdicts are asked for by several views at every paint. */
  readonly #known = new WeakMap<LayerResult, Known>();

  constructor(thresholds: ThresholdState) {
    this.#thresholds = thresholds;
  }

  judgement(layer: Layer, result: LayerResult): Judgement {
    const thresholds = this.#thresholds.current;
    const known = this.#known.get(result);
    if (known?.thresholds === thresholds) return known.judgement;
    const judgement = judge(result.quality, thresholds, judgedLayer(layer, result));
    this.#known.set(result, { thresholds, judgement });
    return judgement;
  }

  /** All verdicts on a layer, gravest first. */
  verdicts(layer: Layer, result: LayerResult): Verdict[] {
    return this.judgement(layer, result).verdicts;
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
