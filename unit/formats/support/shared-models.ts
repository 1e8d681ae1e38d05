import { existsSync, openAsBlob, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { blobSource, type ByteSource } from '../../../src/formats/byte-source';
import type { OpenModel } from '../../../src/formats/reader';
import { detectFormat } from '../../../src/formats/registry';

export const SHARED = '../shared';
export const hasShared = existsSync(join(SHARED, 'models'));

export function sharedFiles(folder: string, extension: string): string[] {
  if (!hasShared) return [];
  return readdirSync(join(SHARED, 'models', folder))
    .filter((name) => name.endsWith(extension))
    .sort();
}

export async function sharedSource(path: string): Promise<ByteSource> {
  return blobSource(basename(path), await openAsBlob(join(SHARED, 'models', path)));
}

/** Opens a model as the worker does, with the named companions dropped along. */
export async function openShared(path: string, companions: string[] = []): Promise<OpenModel> {
  const source = await sharedSource(path);
  const dropped = new Map<string, ByteSource>();
  for (const companion of companions) dropped.set(basename(companion), await sharedSource(companion));
  return (await detectFormat(source)).open(source, { companions: dropped });
}
