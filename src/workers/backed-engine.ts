import { isAbort } from '../domain/errors';
import type { LayerEngine } from './layer-engine';

/**
 * `helper` until a request to it fails; from then on `engine`, which holds the same models open, does its work. A fault of
 * the model, which `engine` meets too, is told by it.
 */
export function backedEngine(helper: LayerEngine, engine: LayerEngine): LayerEngine {
  let isBroken = false;
  async function ask<Value>(work: (to: LayerEngine) => Promise<Value>): Promise<Value> {
    if (isBroken) return work(engine);
    try {
      return await work(helper);
    } catch (error) {
      if (isAbort(error)) throw error;
      if (!isBroken) console.warn('A helper failed; its layers go to the analysis worker.', error);
      isBroken = true;
      return work(engine);
    }
  }
  /** For what concerns the helper's own memory alone. */
  async function tell(work: Promise<void>): Promise<void> {
    await work.catch(() => (isBroken = true));
  }
  return {
    prepare: (request) => helper.prepare(request),
    open: (request) => helper.open(request),
    measure: (request) => ask((to) => to.measure(request)),
    lateFigures: (request) => ask((to) => to.lateFigures(request)),
    coefficientRange: (request) => ask((to) => to.coefficientRange(request)),
    coefficientHistogram: (request) => ask((to) => to.coefficientHistogram(request)),
    cacheFilters: (request) => tell(helper.cacheFilters(request)),
    dropCache: (request) => tell(helper.dropCache(request)),
    close: (request) => helper.close(request),
  };
}
