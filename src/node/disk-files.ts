import { openAsBlob } from 'node:fs';
import { AppError } from '../domain/errors';
import type { ModelSource } from '../domain/source';

/** A model on disk, by paths: Blobs over files do not travel between threads. */
export interface DiskSource {
  name: string;
  main: string;
  /** `path` relative to the model's folder, `file` where it lies. */
  companions: { path: string; file: string }[];
}

/** @throws AppError('unreadable') naming the file */
export async function openFromDisk({ name, main, companions }: DiskSource): Promise<ModelSource> {
  return {
    kind: 'files',
    name,
    main: await open(main),
    companions: await Promise.all(
      companions.map(async ({ path, file }) => ({ path, file: await open(file) })),
    ),
  };
}

async function open(path: string): Promise<Blob> {
  try {
    // Node's own Blob type lacks what only streams need.
    return (await openAsBlob(path)) as unknown as Blob;
  } catch (cause) {
    const message = `"${path}" cannot be read; check the path and its permissions.`;
    throw new AppError('unreadable', message, {}, cause);
  }
}
