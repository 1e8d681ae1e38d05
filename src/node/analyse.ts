import { availableParallelism } from 'node:os';
import { modelReport } from '../analysis/report';
import { AppError } from '../domain/errors';
import { analysisDocument, analysisJson } from '../domain/export/analysis-document';
import { DEFAULT_THRESHOLDS } from '../domain/thresholds';
import { FileAnalysis } from './file-analysis';

const [path, ...rest] = process.argv.slice(2);
if (path === undefined || rest.length > 0) {
  console.error('usage: npm run --silent analyse -- MODEL > ANALYSIS.json');
  process.exit(2);
}
const threadScript = new URL('./engine.thread.js', import.meta.url);
const analysis = new FileAnalysis(availableParallelism() - 1, threadScript);
try {
  const { record, content } = await analysis.analyse(path, {
    sparsityEpsilon: DEFAULT_THRESHOLDS.sparsityEpsilon,
  });
  for (const { message } of record.description.warnings) console.error(message);
  const report = modelReport(record, DEFAULT_THRESHOLDS);
  process.stdout.write(analysisJson(analysisDocument(record, content, report, __APP_VERSION__)));
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await analysis.end();
}
