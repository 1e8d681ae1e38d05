import { expect, test } from 'vitest';
import { transferredFiles } from '../../src/app/dropped-files';

/** A folder as the browser hands it over: at most a hundred entries at a time. */
function folder(path: string, files: number): FileSystemEntry {
  const entries = Array.from({ length: files }, (_, i) => ({
    isDirectory: false,
    fullPath: `${path}/${i}.onnx`,
    file: (resolve: (file: File) => void) => resolve(new File(['x'], `${i}.onnx`)),
  }));
  const createReader = () => {
    let at = 0;
    return { readEntries: (resolve: (batch: unknown[]) => void) => resolve(entries.slice(at, (at += 100))) };
  };
  return { isDirectory: true, fullPath: path, createReader } as unknown as FileSystemEntry;
}

function drop(...entries: (FileSystemEntry | File)[]): DragEvent {
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => (entry instanceof File ? null : entry),
    getAsFile: () => (entry instanceof File ? entry : null),
  }));
  return { dataTransfer: { types: ['Files'], items } } as unknown as DragEvent;
}

test('files and folders of a drop, with their paths', async () => {
  const { found, limit } = (await transferredFiles(drop(folder('/net', 2), new File(['x'], 'a.onnx'))))!;
  expect(found.map(({ path }) => path)).toEqual(['a.onnx', 'net/0.onnx', 'net/1.onnx']);
  expect(limit).toBeNull();
});

test('5,000 files are taken whole; of more the first, and that is told', async () => {
  expect(await transferredFiles(drop(folder('/net', 5000)))).toMatchObject({ limit: null });
  for (const more of [[folder('/net', 5001)], [folder('/a', 3000), folder('/b', 2001)]]) {
    const { found, limit } = (await transferredFiles(drop(...more)))!;
    expect(found).toHaveLength(5000);
    expect(limit).toBe(5000);
  }
});

test('what carries no files is left to the page', () => {
  expect(transferredFiles({ dataTransfer: { types: ['text/plain'] } } as unknown as DragEvent)).toBeNull();
});
