import type { AnalysisClient, AnalysisEvent } from '../../src/client/types';
import { AppError } from '../../src/domain/errors';
import { modelResult } from './model-result';

type Analyse = AnalysisClient['analyse'];

/** An analysis client that answers from memory: files named `bad…` fail, `slow…` wait to be cancelled,
 *  `external…` and `partial…` lack all or some of their weights until another file comes along. */
export class FakeClient {
  readonly calls: string[] = [];
  requests: Parameters<Analyse>[0][] = [];

  readonly client = {
    prepare: () => Promise.resolve(modelResult().backend),
    analyse: ((request, options = {}) => this.#analyse(request, options)) as Analyse,
    close: ({ modelId }: { modelId: string }) => {
      this.calls.push(`close ${modelId}`);
      return Promise.resolve();
    },
    requalify: ({ sparsityEpsilon }: { sparsityEpsilon: number }) =>
      Promise.resolve(
        modelResult().layers.map((layer) => ({
          ...layer,
          quality: { ...layer.quality, sparsity: sparsityEpsilon },
        })),
      ),
  } as unknown as AnalysisClient;

  async #analyse(request: Parameters<Analyse>[0], options: NonNullable<Parameters<Analyse>[1]>) {
    this.calls.push(`analyse ${request.modelId}`);
    this.requests.push(request);
    const emit = (event: AnalysisEvent) => options.onEvent?.(event);
    emit({ type: 'progress', stage: 'reading', done: 0, total: 1 });
    await Promise.resolve();
    if (request.fileName.startsWith('bad')) {
      throw new AppError('malformed', `"${request.fileName}" is broken.`, { file: request.fileName });
    }
    if (request.fileName.startsWith('external') && request.companions.length === 0) {
      throw new AppError('missing-external-data', 'Its weights lie elsewhere.', { missing: ['w.data'] });
    }
    const result = modelResult();
    if (request.fileName.startsWith('partial') && request.companions.length === 0) {
      const warning = {
        code: 'missing-external-data',
        message: 'Some weights lie elsewhere.',
        file: 'w.data',
      };
      result.description = { ...result.description, warnings: [warning] };
    }
    emit({ type: 'description', description: result.description });
    emit({ type: 'layer', result: result.layers[0] });
    if (request.fileName.startsWith('slow')) {
      await new Promise((_, reject) => {
        options.signal?.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
      });
    }
    return { ...result, description: { ...result.description, name: request.fileName } };
  }
}
