import { modelReport } from '../analysis/report';
import { download, safeFilename } from '../charts/download';
import { analysisDocument, analysisJson } from '../domain/export/analysis-document';
import { layersCsv } from '../domain/export/layers-csv';
import type { AppState } from '../state/app-state.svelte';

export async function exportJson(app: AppState): Promise<void> {
  const { entry } = app;
  const { record, data } = entry ?? {};
  if (!entry || !record || !data) return;
  app.exporting = true;
  try {
    const content = entry.content ?? (await data.content());
    const text = analysisJson(
      analysisDocument(record, content, modelReport(record, app.thresholds.current), __APP_VERSION__),
    );
    download(new Blob([text], { type: 'application/json' }), safeFilename(`${entry.name}.analysis`, 'json'));
  } catch (error) {
    app.report(error);
  } finally {
    app.exporting = false;
  }
}

export function exportCsv(app: AppState): void {
  const { entry } = app;
  const { record } = entry ?? {};
  if (!entry || !record) return;
  download(
    new Blob([layersCsv(record, modelReport(record, app.thresholds.current))], {
      type: 'text/csv;charset=utf-8',
    }),
    safeFilename(`${entry.name}.layers`, 'csv'),
  );
}
