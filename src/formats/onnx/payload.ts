/** A run of bytes that holds tensor values. */
export interface Segment {
  offset: number;
  byteLength: number;
  /** Values lie back to back; otherwise each one follows its field tag. */
  packed: boolean;
  /** Number of values; null for packed varints, whose number shows only when read. */
  count: number | null;
}

/** Where the values of one tensor lie in the file. */
export interface Payload {
  raw: Segment | null;
  /** By field number of TensorProto (or AttributeProto.floats), in file order. */
  typed: Partial<Record<number, Segment[]>>;
}

export const NO_PAYLOAD: Payload = { raw: null, typed: {} };
