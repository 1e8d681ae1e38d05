import type { DroppedFile } from '../state/drop-plan';

/** A folder with more files than this is no model's folder. */
const MOST_FILES = 5000;

export interface TransferredFiles {
  found: DroppedFile[];
  /** How many files were looked at, where there are more; else null. */
  limit: number | null;
}

/** Files of a drop or paste; null where it carries none. */
export function transferredFiles(event: DragEvent | ClipboardEvent): Promise<TransferredFiles> | null {
  const transfer = 'dataTransfer' in event ? event.dataTransfer : event.clipboardData;
  return transfer?.types.includes('Files') ? droppedFiles(transfer) : null;
}

/**
 * Files of a drop or paste, folders walked. The entries are taken from the event at once, as it empties afterwards.
 */
function droppedFiles(transfer: DataTransfer): Promise<TransferredFiles> {
  const entries: FileSystemEntry[] = [];
  const plain: DroppedFile[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    // A file made by a page, as tests and some applications hand it over, has no entry or an empty one.
    const file = item.getAsFile();
    if (entry?.isDirectory) entries.push(entry);
    else if (file) plain.push({ path: file.name, file });
  }
  return walk(entries, plain);
}

export function pickedFiles(list: FileList): DroppedFile[] {
  return Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function walk(entries: FileSystemEntry[], plain: readonly DroppedFile[]): Promise<TransferredFiles> {
  const found = [...plain];
  const queue = [...entries];
  for (let entry = queue.shift(); entry; entry = queue.shift()) {
    if (entry.isDirectory) queue.push(...(await children(entry as FileSystemDirectoryEntry)));
    else if (found.length >= MOST_FILES) return { found, limit: MOST_FILES };
    else
      found.push({
        path: entry.fullPath.replace(/^\//, ''),
        file: await fileOf(entry as FileSystemFileEntry),
      });
  }
  return { found, limit: null };
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  // A reader gives at most a hundred entries at a time.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    found.push(...batch);
    if (found.length > MOST_FILES) return found;
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
