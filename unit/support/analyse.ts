import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { modelReport } from '../../src/analysis/report';
import { analysisDocument } from '../../src/domain/export/analysis-document';
import type { AnalysisEvent } from '../../src/domain/model-data';
import type { ModelRecord } from '../../src/domain/record';
import { DEFAULT_THRESHOLDS } from '../../src/domain/thresholds';
import { createAnalysisApi } from '../../src/workers/analysis-api';
import type { AnalysisApi } from '../../src/workers/analysis-api.types';
import type { LayerEngine } from '../../src/workers/layer-engine';
import type { Exported } from './golden';

export interface AnalysedFile {
  /** Where it is open as `model`. */
  api: AnalysisApi;
  result: ModelRecord;
  events: AnalysisEvent[];
  document: Exported;
}

/** Analyses a file as the worker does, on the CPU backend, without a browser. */
export function analyseFile(path: string, helpers: readonly LayerEngine[] = []): Promise<AnalysedFile> {
  return analyseBytes(basename(path), readFileSync(path), helpers);
}

export async function analyseBytes(
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
  helpers: readonly LayerEngine[] = [],
): Promise<AnalysedFile> {
  const api = createAnalysisApi(helpers);
  await api.prepare({ backend: 'cpu' });
  const events: AnalysisEvent[] = [];
  const request = {
    handle: 'model',
    source: { kind: 'files' as const, name: fileName, main: new Blob([bytes]), companions: [] },
    sparsityEpsilon: DEFAULT_THRESHOLDS.sparsityEpsilon,
  };
  const { signal } = new AbortController();
  const result = await api.analyse(request, { signal, emit: (event) => events.push(event) });
  const content = await api.content({ handle: 'model' }, { signal });
  const document = analysisDocument(result, content, modelReport(result, DEFAULT_THRESHOLDS), '0.0.0-test');
  return { api, result, events, document: JSON.parse(JSON.stringify(document)) };
}
