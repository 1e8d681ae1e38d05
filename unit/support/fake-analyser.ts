import type { Analyser } from '../../src/client/types';
import { AppError } from '../../src/domain/errors';
import type { AnalysableModel, AnalyseOptions, AnalysisEvent } from '../../src/domain/model-data';
import type { ModelContent, ModelRecord } from '../../src/domain/record';
import type { ModelSource } from '../../src/domain/source';
import { modelRecord } from './model-record';

/** An analyser that answers from memory: files named `bad…` fail, `slow…` wait to be cancelled, `external…` and `partial…` lack
 *  all or some of their weights until another file comes along. Content is the text of the files. */
export class FakeAnalyser implements Analyser {
  readonly calls: string[] = [];
  readonly closed: string[] = [];
  readonly sources: ModelSource[] = [];

  prepare() {
    return Promise.resolve(modelRecord().backend);
  }

  open(source: ModelSource): AnalysableModel {
    const { name } = source;
    return {
      analyse: ({ sparsityEpsilon }, options = {}) => this.#analyse(source, sparsityEpsilon, options),
      requalify: ({ sparsityEpsilon }) =>
        Promise.resolve(
          modelRecord().layers.map((layer) => ({
            ...layer,
            quality: { ...layer.quality, sparsity: sparsityEpsilon },
          })),
        ),
      content: () => contentOf(source),
      close: () => {
        this.closed.push(name);
        return Promise.resolve();
      },
    } as Partial<AnalysableModel> as AnalysableModel;
  }

  async #analyse(
    source: ModelSource,
    sparsityEpsilon: number,
    { signal, onEvent }: AnalyseOptions,
  ): Promise<ModelRecord> {
    const { name, companions } = source;
    this.calls.push(`analyse ${name}`);
    this.sources.push(source);
    const emit = (event: AnalysisEvent) => onEvent?.(event);
    emit({ type: 'progress', stage: 'reading', done: 0, total: 1 });
    await Promise.resolve();
    if (name.startsWith('bad')) {
      throw new AppError('malformed', `"${name}" is broken.`, { file: name });
    }
    if (name.startsWith('external') && companions.length === 0) {
      throw new AppError('missing-external-data', 'Its weights lie elsewhere.', { missing: ['w.data'] });
    }
    const record = modelRecord();
    if (name.startsWith('partial') && companions.length === 0) {
      const warning = {
        code: 'missing-external-data' as const,
        message: 'Some weights lie elsewhere.',
        file: 'w.data',
      };
      record.description = { ...record.description, warnings: [warning] };
    }
    emit({ type: 'description', description: record.description });
    emit({ type: 'layer', result: record.layers[0] });
    if (name.startsWith('slow')) {
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
      });
    }
    return { ...record, sparsityEpsilon, description: { ...record.description, name } };
  }
}

async function contentOf({ main, companions }: ModelSource): Promise<ModelContent> {
  const texts = await Promise.all([main, ...companions.map(({ file }) => file)].map((file) => file.text()));
  const id = Array.from(texts.join(), (character) => character.charCodeAt(0).toString(16)).join('');
  return { id: id.padEnd(64, '0'), files: [{ path: '', byteLength: main.size, sha256: id }] };
}
