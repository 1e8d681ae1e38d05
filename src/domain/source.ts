/** A file and its path in `normalisePath`'s form. */
export interface NamedFile {
  path: string;
  file: Blob;
}

/** A model as it came: its main file, and the files dropped along that may hold its weights. */
export interface FilesSource {
  kind: 'files';
  /** The file's own name, as shown. */
  name: string;
  main: Blob;
  /** Paths are relative to the folder the main file lies in. */
  companions: readonly NamedFile[];
}

/** Where a model's structure and weights come from; one type, passed on whole. */
export type ModelSource = FilesSource;
