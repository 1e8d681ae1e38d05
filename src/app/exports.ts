import { download, safeFilename } from '../charts/download';
import { analysisDocument, analysisJson } from '../domain/export/analysis-document';
import { layersCsv } from '../domain/export/layers-csv';
import type { AppState } from '../state/app-state.svelte';

export async function exportJson(app: AppState): Promise<void> {
  const { entry } = app;
  const result = entry?.result;
  if (!entry || !result) return;
  app.exporting = true;
  try {
    const sha256 = await app.client.sha256({ modelId: entry.key });
    const text = analysisJson(analysisDocument(result, sha256, __APP_VERSION__));
    download(new Blob([text], { type: 'application/json' }), safeFilename(`${entry.name}.analysis`, 'json'));
  } catch (error) {
    app.report(error);
  } finally {
    app.exporting = false;
  }
}

export function exportCsv(app: AppState): void {
  const { entry } = app;
  const result = entry?.result;
  if (!entry || !result) return;
  download(
    new Blob([layersCsv(result)], { type: 'text/csv;charset=utf-8' }),
    safeFilename(`${entry.name}.layers`, 'csv'),
  );
}
