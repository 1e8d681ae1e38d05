/** Memory and functions of one instance; pointers and sizes are plain numbers. */
export interface WasmModule {
  memory: WebAssembly.Memory;
  call: Record<string, (...args: number[]) => number>;
}

/** Compiles and instantiates a module that imports nothing; rejects where WebAssembly or its SIMD is missing or forbidden. */
export async function loadWasm(base64: string): Promise<WasmModule> {
  const { instance } = await WebAssembly.instantiate(decode(base64));
  const { memory, ...call } = instance.exports;
  return { memory: memory as WebAssembly.Memory, call: call as WasmModule['call'] };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Room for `sizes` bytes each, 16-byte aligned, one after the other: their addresses, or null where memory does not grow.
 * What an earlier call laid out is given up; views of the memory made before may be detached.
 */
export function layOut({ call }: WasmModule, sizes: readonly number[]): number[] | null {
  let total = 0;
  const offsets = sizes.map((size) => {
    const offset = total;
    total += Math.ceil(size / 16) * 16;
    return offset;
  });
  if (total > ARENA_BYTES) return null;
  const base = call.reserve(total);
  return base === 0 ? null : offsets.map((offset) => base + offset);
}

/** WebAssembly memory never shrinks, so what does not fit in this much runs elsewhere. */
const ARENA_BYTES = 64 * 2 ** 20;
