/** Random access to a file that is never read whole. */
export interface ByteSource {
  name: string;
  byteLength: number;
  /** Bytes [start, end); throws AppError('unreadable') where the file can no longer be read. */
  slice(start: number, end: number): Promise<Uint8Array>;
}
