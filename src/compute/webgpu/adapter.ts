/** What the page may say about an adapter. */
export interface AdapterFacts {
  /** `NVIDIA Ampere`, `SwiftShader`; `unnamed adapter` where the browser tells nothing. */
  label: string;
  /** The software renderer's name; null for real hardware. */
  software: string | null;
}

const SOFTWARE: readonly (readonly [RegExp, string])[] = [
  [/swiftshader/i, 'SwiftShader'],
  [/llvmpipe/i, 'llvmpipe'],
  [/lavapipe/i, 'lavapipe'],
  [/softpipe/i, 'softpipe'],
  [/\bwarp\b|microsoft basic render/i, 'Microsoft Basic Render (WARP)'],
];

/** The adapter WebGPU offers to this thread; null for none. */
export async function requestAdapter(): Promise<GPUAdapter | null> {
  if (!hasWebGpu()) return null;
  return navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
}

export function hasWebGpu(): boolean {
  return typeof navigator !== 'undefined' && 'gpu' in navigator && Boolean(navigator.gpu);
}

export function adapterFacts({
  info,
  ...adapter
}: Pick<GPUAdapter, 'info'> & { isFallbackAdapter?: boolean }): AdapterFacts {
  const words = [info.vendor, info.architecture, info.device, info.description].filter(Boolean);
  const named = SOFTWARE.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
  // Older Chromium has the flag on the adapter, newer on its info.
  const isFallback = info.isFallbackAdapter || adapter.isFallbackAdapter;
  const label = named ?? (info.description || labelOf(info) || 'unnamed adapter');
  return { label, software: named ?? (isFallback ? label : null) };
}

const SPELLINGS: Record<string, string> = { nvidia: 'NVIDIA', amd: 'AMD', arm: 'ARM' };

function labelOf({ vendor, architecture }: GPUAdapterInfo): string {
  return [vendor, architecture]
    .filter(Boolean)
    .map((word) => SPELLINGS[word] ?? word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
