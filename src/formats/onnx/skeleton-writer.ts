/** Length prefixes are written as varints padded to this many bytes, so that they can be filled in afterwards. */
const LENGTH_BYTES = 5;
const SHORT = 64;

/** A growing protobuf message; nested messages are opened and closed in place. */
export class SkeletonWriter {
  #buffer = new Uint8Array(256);
  length = 0;

  tag(number: number, wire: number): void {
    this.varint(number * 8 + wire);
  }

  varint(value: number): void {
    this.#reserve(10);
    while (value >= 0x80) {
      this.#buffer[this.length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#buffer[this.length++] = value;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    // Names are short, for which a loop is faster than `set`.
    if (bytes.byteLength > SHORT) this.#buffer.set(bytes, this.length);
    else for (let i = 0; i < bytes.byteLength; i++) this.#buffer[this.length + i] = bytes[i];
    this.length += bytes.byteLength;
  }

  /** Starts a nested message; returns where its body begins, for `close`. */
  open(number: number): number {
    this.tag(number, 2);
    this.#reserve(LENGTH_BYTES);
    this.length += LENGTH_BYTES;
    return this.length;
  }

  close(bodyStart: number): void {
    let rest = this.length - bodyStart;
    for (let i = 0; i < LENGTH_BYTES; i++) {
      this.#buffer[bodyStart - LENGTH_BYTES + i] = (rest & 0x7f) | (i < LENGTH_BYTES - 1 ? 0x80 : 0);
      rest >>>= 7;
    }
  }

  asciiField(number: number, value: string): void {
    this.tag(number, 2);
    this.varint(value.length);
    this.#reserve(value.length);
    for (let i = 0; i < value.length; i++) this.#buffer[this.length++] = value.charCodeAt(i);
  }

  view(start = 0, end = this.length): Uint8Array {
    return this.#buffer.subarray(start, end);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#buffer.byteLength) return;
    const grown = new Uint8Array(Math.max(this.#buffer.byteLength * 2, this.length + more));
    grown.set(this.view());
    this.#buffer = grown;
  }
}
