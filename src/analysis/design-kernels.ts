/** Kernels that are written down, not learned, by what they do; each fits any multiple of it. */
export interface KnownKernel {
  design: 'bilinear' | 'blur' | 'edge';
  values: Float64Array;
}

const known = new Map<string, readonly KnownKernel[]>();

/**
 * Kernels of an extent that people build: triangles (bilinear up-sampling; for one axis linear), binomial blurs, the derivative
 * kernels of Sobel, Scharr and Prewitt along each axis, and Laplacians.
 */
export function knownKernels(kernel: readonly number[]): readonly KnownKernel[] {
  const key = kernel.join('x');
  const before = known.get(key);
  if (before) return before;
  const kernels = kernel.length <= 2 ? build(kernel) : [];
  known.set(key, kernels);
  return kernels;
}

function build(kernel: readonly number[]): KnownKernel[] {
  const separable = (factors: number[][]) =>
    Float64Array.from(
      factors.reduce((product, factor) => product.flatMap((a) => factor.map((b) => a * b)), [1]),
    );
  const kernels: KnownKernel[] = [
    { design: 'blur', values: separable(kernel.map(binomial)) },
    { design: 'bilinear', values: separable(kernel.map(triangle)) },
  ];
  const [height, width] = kernel;
  const smooth = { sobel: [1, 2, 1], scharr: [3, 10, 3], prewitt: [1, 1, 1] };
  const derivative = [-1, 0, 1];
  if (height === 3 && width === 3) {
    for (const across of Object.values(smooth)) {
      kernels.push({ design: 'edge', values: separable([across, derivative]) });
      kernels.push({ design: 'edge', values: separable([derivative, across]) });
    }
    for (const laplacian of [
      [0, 1, 0, 1, -4, 1, 0, 1, 0],
      [1, 1, 1, 1, -8, 1, 1, 1, 1],
      [1, 2, 1, 2, -12, 2, 1, 2, 1],
    ]) {
      kernels.push({ design: 'edge', values: Float64Array.from(laplacian) });
    }
  }
  if (kernel.includes(3) && kernel.every((extent) => extent === 3 || extent === 1)) {
    if (height !== width) {
      kernels.push({ design: 'edge', values: Float64Array.from(derivative) });
      kernels.push({ design: 'edge', values: Float64Array.from([1, -2, 1]) });
    }
  }
  return kernels;
}

/** 1 3 3 1 for an extent of 4. */
function binomial(extent: number): number[] {
  let row = [1];
  while (row.length < extent) row = [...row, 0].map((value, i) => value + (row[i - 1] ?? 0));
  return row;
}

/** The kernel that up-samples linearly by half its extent, rounded up: 1 3 3 1 for an extent of 4, 1 2 1 for 3. */
function triangle(extent: number): number[] {
  const factor = Math.ceil(extent / 2);
  const centre = extent % 2 === 1 ? factor - 1 : factor - 0.5;
  return Array.from({ length: extent }, (_, i) => 1 - Math.abs(i - centre) / factor);
}
