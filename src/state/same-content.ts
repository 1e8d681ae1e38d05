import { isAbort } from '../domain/errors';
import type { AnalysableModel } from '../domain/model-data';
import type { ModelContent } from '../domain/record';
import type { ModelEntry } from './model-entry.svelte';

/** An analysed model of the very same bytes. Only one of the same size can be; then the digests decide. */
export async function sameContent(
  entry: ModelEntry,
  data: AnalysableModel,
  entries: readonly ModelEntry[],
  signal: AbortSignal,
): Promise<ModelEntry | null> {
  const alike = entries.filter(
    (other) => other !== entry && other.status === 'done' && other.byteLength === entry.byteLength,
  );
  if (alike.length === 0) return null;
  const content = await contentOf(data, signal);
  for (const other of content ? alike : []) {
    const known = other.content ?? (other.data && (await contentOf(other.data, signal)));
    if (known?.id === content?.id) return other;
  }
  return null;
}

/** Null where a file cannot be read: that is for its analysis to say. */
async function contentOf(data: AnalysableModel, signal: AbortSignal): Promise<ModelContent | null> {
  try {
    return await data.content({ signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    return null;
  }
}
