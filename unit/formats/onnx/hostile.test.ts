import { describe, expect, test } from 'vitest';
import type { AppError } from '../../../src/domain/errors';
import type { OpenModel } from '../../../src/formats/reader';
import { hasShared, openShared, sharedFiles } from '../support/shared-models';
import { measure } from '../support/measure';

/** What a file must give: layers with their numbers, or one sentence. */
type Expectation = (path: string) => Promise<void>;

const LAST_WEIGHT = { shape: [12, 256, 3, 3], normL1: 199.401506877743, kind: 'full' };

function layers(
  expected: { shape: number[]; kind?: string; normL1?: number; [key: string]: unknown }[],
  warnings: string[] = [],
): Expectation {
  return async (path) => {
    const model = await openShared(path);
    expect(model.description.warnings.map((w) => w.code)).toEqual(warnings);
    expect(model.description.layers).toHaveLength(expected.length);
    for (const [i, { normL1, ...rest }] of expected.entries()) {
      expect(model.description.layers[i]).toMatchObject(rest);
      const bank = await model.readFilters(i);
      expect(bank.count).toBe(rest.shape[0] * rest.shape[1]);
      if (normL1 !== undefined) expect(measure(bank).normL1).toBeCloseTo(normL1, 9);
    }
  };
}

function warns(code: string, sentence: RegExp): Expectation {
  return async (path) => {
    const { description } = await openShared(path);
    expect(description.layers).toEqual([]);
    expect(description.warnings[0].code).toBe('no-readable-weights');
    expect(description.warnings[1]).toMatchObject({
      code,
      message: expect.stringMatching(sentence) as string,
    });
  };
}

function fails(code: string, sentence: RegExp): Expectation {
  return async (path) => {
    const error = await openShared(path).then(
      () => null,
      (e: AppError) => e,
    );
    expect(error).toMatchObject({ name: 'AppError', code });
    expect(error!.message).toMatch(sentence);
    expect(error!.message).toContain(`"${path.split('/').pop()}"`);
  };
}

/** All 52 layers of UltraFace, within a relative tolerance of the weights in full precision. */
function ultraface(tolerance: number, companions: string[] = [], sameNames = true): Expectation {
  return async (path) => {
    const reference = await openShared('hostile/derived_ultraface_weights-in-float_data.onnx');
    const model = await openShared(path, companions);
    expect(model.description.warnings).toEqual([]);
    const place = ({ description }: OpenModel) =>
      description.layers.map(({ label, shape, kind, facts: { depth }, convDepth, groups }) => ({
        ...(sameNames ? { label } : {}),
        shape,
        kind,
        depth,
        convDepth,
        groups,
      }));
    expect(place(model)).toEqual(place(reference));
    for (const { index } of model.description.layers) {
      const [exact, found] = [await reference.readFilters(index), await model.readFilters(index)];
      const peak = measure(exact).peak;
      let worst = 0;
      for (const [i, w] of exact.values.entries()) worst = Math.max(worst, Math.abs(w - found.values[i]));
      expect(worst / peak).toBeLessThanOrEqual(tolerance);
    }
  };
}

const EXPECTATIONS: Record<string, Expectation> = {
  'derived_Conv-inside-If-subgraphs.onnx': layers([
    { ...LAST_WEIGHT, label: 'ye', weightName: 'w_in', facts: { depth: 1 } },
    { ...LAST_WEIGHT, label: 'yt', weightName: 'w', facts: { depth: 1 } },
  ]),
  'derived_Conv-inside-local-function.onnx': layers([
    { ...LAST_WEIGHT, label: 'Z', weightName: 'w', facts: { depth: 0 } },
  ]),
  'derived_QLinearConv_one-real-layer.onnx': layers([
    {
      ...LAST_WEIGHT,
      normL1: 199.268883301498,
      storedType: 'int8 (dequantised)',
      facts: { operator: 'QLinearConv', depth: 1 },
    },
  ]),
  'derived_empty.onnx': fails('empty-file', /0 bytes/),
  'derived_garbage.onnx': fails('wrong-kind', /begins with the bytes 98 2d cc 59/),
  'derived_html-404-page.onnx': fails('wrong-kind', /is a web page, not a model/),
  'derived_kernel-asym1x7.onnx': layers([
    { shape: [8, 4, 1, 7], kernel: [1, 7], taps: 7, kind: 'full', normL1: 178.799856412923 },
  ]),
  'derived_kernel-conv1d.onnx': layers([
    { shape: [8, 4, 5], kernel: [5], taps: 5, kind: 'full', normL1: 125.810929646716 },
  ]),
  'derived_kernel-conv3d.onnx': layers([
    { shape: [4, 2, 3, 3, 3], kernel: [3, 3, 3], taps: 27, kind: 'full', normL1: 176.5821829997 },
  ]),
  'derived_kernel-dilated.onnx': layers([
    { shape: [8, 4, 3, 3], dilations: [4, 4], kind: 'full', normL1: 229.241463856772 },
  ]),
  'derived_kernel-dw-multiplier2.onnx': layers([
    { shape: [64, 1, 3, 3], groups: 32, kind: 'depthwise', normL1: 481.114610609133 },
  ]),
  'derived_kernel-dw7x7.onnx': layers([
    { shape: [32, 1, 7, 7], groups: 32, kind: 'depthwise', normL1: 1276.96142914268 },
  ]),
  'derived_kernel-even4x4.onnx': layers([{ shape: [8, 4, 4, 4], kind: 'full', normL1: 396.7140353414 }]),
  'derived_kernel-grouped4.onnx': layers([
    { shape: [16, 4, 3, 3], groups: 4, kind: 'grouped', normL1: 436.623186740848 },
  ]),
  'derived_ultraface_200-bytes-flipped.onnx': fails('malformed', /is damaged: at byte 1,111,4\d\d /),
  'derived_ultraface_QDQ-perchannel-int8.onnx': ultraface(1 / 254 + 1e-6),
  'derived_ultraface_external-missing-file.onnx': async (path) => {
    await fails('missing-external-data', /keeps its weights in "does_not_exist.bin": drop that file/)(path);
    await expect(openShared(path)).rejects.toMatchObject({ details: { missing: ['does_not_exist.bin'] } });
  },
  'derived_ultraface_external-path-traversal.onnx': fails(
    'malformed',
    /"\.\.\/\.\.\/\.\.\/\.\.\/etc\/passwd", outside its own folder/,
  ),
  'derived_ultraface_external.onnx': async (path) => {
    await ultraface(0, ['hostile/derived_ultraface_external.onnx.data'])(path);
    await fails('missing-external-data', /"derived_ultraface_external.onnx.data"/)(path);
  },
  'derived_ultraface_truncated-half.onnx': fails(
    'truncated',
    /promises 1,114,075 bytes but holds 557,040, so 557,035 bytes are missing/,
  ),
  'derived_ultraface_unicode-html-node-names.onnx': ultraface(0, [], false),
  'derived_ultraface_weights-as-Constant-nodes.onnx': ultraface(0),
  'derived_ultraface_weights-bf16.onnx': ultraface(2 ** -8),
  'derived_ultraface_weights-fp16-in-int32_data.onnx': ultraface(2 ** -11),
  'derived_ultraface_weights-fp16.onnx': ultraface(2 ** -11),
  'derived_ultraface_weights-in-float_data.onnx': async (path) => {
    const { description, readFilters } = await openShared(path);
    expect(description.layers).toHaveLength(52);
    let total = 0;
    for (const { index } of description.layers) total += measure(await readFilters(index)).normL1;
    expect(total).toBeCloseTo(32715.663378159305, 6);
  },
  'derived_weight-NaN.onnx': layers([{ ...LAST_WEIGHT, normL1: 0 }]),
  'derived_weight-all-equal.onnx': layers([{ ...LAST_WEIGHT, normL1: 13824 }]),
  'derived_weight-all-zero.onnx': layers([{ ...LAST_WEIGHT, normL1: 0 }]),
  'derived_weight-dims-huge.onnx': warns(
    'bad-tensor',
    /"w" has dimensions \[2147483648, 2147483648, 3, 3\], more values than/,
  ),
  'derived_weight-dtype-unknown.onnx': warns('bad-tensor', /"w" has the unknown element type 99/),
  'derived_weight-is-a-graph-input.onnx': warns(
    'no-weights',
    /"w" is an input of the graph without a value: there are no weights in the file/,
  ),
  'derived_weight-name-missing.onnx': warns('unresolved-weight', /"nope" is defined nowhere in the file/),
  'derived_weight-one-NaN.onnx': async (path) => {
    const model = await openShared(path);
    expect(measure(await model.readFilters(0)).finite).toBe(12 * 256 - 1);
  },
  'derived_weight-rank2.onnx': warns(
    'bad-tensor',
    /"w" has the shape \[12, 2304\], with no spatial dimension/,
  ),
  'derived_weight-rawdata-too-short.onnx': warns(
    'bad-tensor',
    /"w" of shape \[12, 256, 3, 3\] .* promises 110,592 bytes but holds 100/,
  ),
  'derived_weight-shared-by-two-Convs.onnx': layers([
    { ...LAST_WEIGHT, label: 'a', weightId: 0 },
    { ...LAST_WEIGHT, label: 'b', weightId: 0 },
  ]),
  'derived_weight-sparse-initializer.onnx': layers([{ ...LAST_WEIGHT, normL1: 117.431097451597 }]),
  'derived_weight-via-Identity-chain.onnx': layers([{ ...LAST_WEIGHT, weightName: 'w0' }]),
  'derived_weight-via-Transpose-HWIO.onnx': layers([{ ...LAST_WEIGHT, weightName: 'hwio' }]),
  'git-lfs-pointer_resnet18.onnx': fails(
    'wrong-kind',
    /is a Git LFS pointer, not the model itself: fetch the real file with "git lfs pull"/,
  ),
  'onnx_light_resnet50.onnx': async (path) => {
    await warns('no-weights', /"gpu_0\/conv1_w_0" is filled with one value by ConstantOfShape/)(path);
    const { warnings, facts } = (await openShared(path)).description;
    const { operatorCounts } = facts;
    expect(operatorCounts.Conv).toBe(53);
    expect(warnings.filter((w) => w.code === 'no-weights')).toHaveLength(53);
  },
  'ort_upsample.ort': fails('unsupported-format', /is an ONNX Runtime file \(\.ort\).* drop the \.onnx file/),
};

describe.skipIf(!hasShared)('hostile files', () => {
  test('every file has its expectation', () => {
    const files = [...sharedFiles('hostile', '.onnx'), ...sharedFiles('hostile', '.ort')];
    expect(Object.keys(EXPECTATIONS).sort()).toEqual(files.sort());
  });

  test.each(Object.keys(EXPECTATIONS))('%s', async (file) => {
    await EXPECTATIONS[file](`hostile/${file}`);
  });

  test('files of other formats are named with the next step', async () => {
    await fails('unsupported-format', /PyTorch checkpoint.*torch\.onnx\.export/)('hostile/burn_bfloat16.pt');
    await fails('unsupported-format', /safetensors/)('hostile/derived_st_fp16-bf16-f8.safetensors');
    await fails('wrong-kind', /tar archive: unpack/)('hostile/burn_tar_2d_tensor.tar');
    await fails('unsupported-format', /TensorFlow Lite/)('tflite/ultraface_RFB-320.tflite');
    await fails('unsupported-format', /HDF5/)('keras/mlperf-tiny_cifar10_resnet8.h5');
    await fails('unsupported-format', /TensorFlow\.js/)('tfjs/nsfwjs_mobilenet_v2/model.json');
  });
});
