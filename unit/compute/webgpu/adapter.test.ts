import { describe, expect, test } from 'vitest';
import { adapterFacts, hasWebGpu } from '../../../src/compute/webgpu/adapter';

function info(facts: Partial<GPUAdapterInfo>): { info: GPUAdapterInfo } {
  return {
    info: { vendor: '', architecture: '', device: '', description: '', ...facts } as GPUAdapterInfo,
  };
}

describe('adapterFacts', () => {
  test.each<[Partial<GPUAdapterInfo>, string, string | null]>([
    [{ vendor: 'google', architecture: 'swiftshader' }, 'SwiftShader', 'SwiftShader'],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, 'llvmpipe', 'llvmpipe'],
    [
      { vendor: 'microsoft', architecture: 'warp' },
      'Microsoft Basic Render (WARP)',
      'Microsoft Basic Render (WARP)',
    ],
    [
      { description: 'Microsoft Basic Render Driver' },
      'Microsoft Basic Render (WARP)',
      'Microsoft Basic Render (WARP)',
    ],
    [{ vendor: 'nvidia', architecture: 'ampere' }, 'NVIDIA Ampere', null],
    [{ vendor: 'apple', architecture: 'metal-3' }, 'Apple Metal-3', null],
    [{ vendor: 'nvidia', description: 'NVIDIA GeForce RTX 3080' }, 'NVIDIA GeForce RTX 3080', null],
    [{}, 'unnamed adapter', null],
    [{ vendor: 'acme', isFallbackAdapter: true }, 'Acme', 'Acme'],
  ])('%o is %s', (facts, label, software) => {
    expect(adapterFacts(info(facts))).toEqual({ label, software });
  });

  test('heeds the flag on the adapter itself, as older browsers have it', () => {
    expect(adapterFacts({ ...info({ vendor: 'acme' }), isFallbackAdapter: true }).software).toBe('Acme');
  });
});

test('says that Node has no WebGPU', () => {
  expect(hasWebGpu()).toBe(false);
});
