/**
 * One spelling of a path for comparison: Unicode NFC, forward slashes, without `.` and empty parts. `..` is kept: whoever
 * follows a path from a file must refuse it.
 */
export function normalisePath(path: string): string {
  return path
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The path without its last part and the slash before it; '' where it has one part. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
