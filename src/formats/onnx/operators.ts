import {
  dequantise,
  quantise,
  trtFloat8Dequantise,
  trtMicroscaledDequantise,
  trtQuantise,
} from './quantised';
import type { Rule } from './resolve';
import {
  binary,
  cast,
  castLike,
  clip,
  compare,
  fold,
  modulo,
  power,
  reduce,
  unary,
  where,
} from './rules/arithmetic';
import { bitShift, bitwise, bitwiseNot } from './rules/bits';
import { constantOfShape, rangeOf, shapeOf, sizeOf } from './rules/constant';
import { convolveConstants } from './rules/convolve';
import { batchNormalisation, layerNormalisation, softmax } from './rules/normalise';
import { fakeQuantize } from './rules/openvino';
import { gatherElements, gatherND, scatterElements, scatterND, triangle } from './rules/places';
import { einsum, gemm, matMul } from './rules/products';
import { bipolarQuant, quant } from './rules/qonnx';
import { expand, pad, split, tile } from './rules/repeat';
import { alsoOfData } from './rules/running';
import {
  concatInputs,
  flatten,
  gather,
  ifElse,
  reshape,
  slice,
  squeeze,
  transpose,
  unsqueeze,
} from './rules/shape';

/** How an operator is followed from a weight to the tensors behind it, and who writes it there: none is followed without. */
interface Followed {
  rule: Rule;
  writers: string;
}

function followed(rule: Rule, writers: string): Followed {
  return { rule, writers };
}

type Domain = Readonly<Record<string, Followed>>;

/** Operators of the standard, by its documentation; older opsets give as attributes what newer ones give as inputs. */
const STANDARD: Domain = {
  // Elementwise
  Add: followed(
    binary('Add'),
    'RepVGG and DBB branches before fusing; LoRA deltas; epsilons of weight standardisation',
  ),
  Sub: followed(
    binary('Sub'),
    'weight standardisation (timm StdConv2d); central difference convolutions; SincNet',
  ),
  Mul: followed(
    binary('Mul'),
    'weight_norm, equalised learning rate (StyleGAN), pruning masks, scales of integers',
  ),
  Div: followed(binary('Div'), 'weight_norm, spectral_norm, weight standardisation'),
  Pow: followed(
    power,
    'torch x ** 2 and x.square(): demodulation, weight standardisation, GDN of CompressAI',
  ),
  Mod: followed(modulo, 'int4 taken out of bytes before opset 18 has bit operators'),
  Sum: followed(fold('Add'), 'tf2onnx (tf.add_n), mxnet (add_n): branches added up'),
  Max: followed(
    fold('Max'),
    'torch.clamp by tensors, torch.maximum: lower bounds of GDN (CompressAI), fake quantisers',
  ),
  Min: followed(fold('Min'), 'torch.clamp by tensors, torch.minimum: fake quantisers'),
  Neg: followed(unary('Neg'), 'complex and quaternion convolutions, which join [real, -imaginary]'),
  Abs: followed(unary('Abs'), 'SincNet (pytorch-kaldi, asteroid), XNOR-Net scales, DoReFa'),
  Reciprocal: followed(
    unary('Reciprocal'),
    'torch.rsqrt and tf.math.rsqrt: weight standardisation, demodulation',
  ),
  Sqrt: followed(unary('Sqrt'), 'weight standardisation, demodulation, F.normalize'),
  Exp: followed(unary('Exp'), 'weight norm by logarithms of gains; invertible 1x1 convolutions (Glow)'),
  Log: followed(unary('Log'), 'QKeras power-of-two quantisers (tf2onnx)'),
  Sin: followed(unary('Sin'), 'SincNet band-pass kernels (pytorch-kaldi, asteroid, speechbrain)'),
  Cos: followed(unary('Cos'), 'windows and quadrature kernels: SincNet, Gabor convolutions, asteroid'),
  Tanh: followed(alsoOfData(unary('Tanh')), 'DoReFa weight quantisers'),
  Sigmoid: followed(alsoOfData(unary('Sigmoid')), 'AdaRound, learned soft masks'),
  Relu: followed(alsoOfData(unary('Relu')), 'weights kept positive: input-convex and monotone networks'),
  Softplus: followed(
    alsoOfData(unary('Softplus')),
    'weights kept positive: input-convex networks, Bayesian layers',
  ),
  Softmax: followed(
    alsoOfData(softmax),
    'lightweight convolutions (fairseq, ESPnet); mixtures of kernels; learned blurs',
  ),
  Floor: followed(unary('Floor'), 'QKeras and hand-written quantisers: floor(x + 0.5)'),
  Ceil: followed(unary('Ceil'), 'QKeras quantisers (tf2onnx)'),
  Round: followed(unary('Round'), 'fake quantisers in plain torch: LSQ, DoReFa, BitNet'),
  Sign: followed(unary('Sign'), 'binary networks: XNOR-Net, BinaryConnect, Larq (tf2onnx)'),
  Clip: followed(clip, 'torch.clamp, F.normalize, fake quantisers'),
  // Masks
  Where: followed(where, 'torch.where, masked_fill, expand; binary networks'),
  Equal: followed(compare('Equal'), 'torch expand (its shape); masks by position'),
  Greater: followed(compare('Greater'), 'ternary weights (TWN, TTQ), pruning by threshold'),
  GreaterOrEqual: followed(compare('GreaterOrEqual'), 'Larq ste_sign, torch masks'),
  Less: followed(compare('Less'), 'torch masks, pruning by threshold'),
  LessOrEqual: followed(compare('LessOrEqual'), 'torch masks by position (causal kernels)'),
  And: followed(compare('And'), 'torch masks joined by &: PixelCNN'),
  Or: followed(compare('Or'), 'torch masks joined by |: PixelCNN'),
  Not: followed(unary('Not'), 'torch masks: ~mask, x != y'),
  Trilu: followed(triangle, 'torch.tril and triu: causal kernels, LU of invertible 1x1 convolutions (Glow)'),
  // Reductions
  ReduceL1: followed(reduce('ReduceL1'), 'XNOR-Net scales, F.normalize(p=1)'),
  ReduceL2: followed(reduce('ReduceL2'), 'weight_norm, F.normalize, torch.norm'),
  ReduceSum: followed(reduce('ReduceSum'), 'demodulation (StyleGAN2), central difference convolutions'),
  ReduceMean: followed(reduce('ReduceMean'), 'weight standardisation, XNOR-Net scales'),
  ReduceProd: followed(reduce('ReduceProd'), 'torch numel: fan-in of scaled weight standardisation'),
  ReduceMax: followed(reduce('ReduceMax'), 'DoReFa, quantisers by greatest magnitude'),
  ReduceMin: followed(reduce('ReduceMin'), 'quantisers by least and greatest value'),
  BatchNormalization: followed(batchNormalisation, 'timm StdConv2d and BiT: F.batch_norm of the weight'),
  LayerNormalization: followed(layerNormalisation, 'timm ScaledStdConv2d with use_layernorm'),
  // Products
  MatMul: followed(alsoOfData(matMul), 'spectral_norm; SincNet; low-rank and LoRA kernels'),
  Gemm: followed(
    alsoOfData(gemm),
    'nn.Linear that makes kernels: hypernetworks, CoordConv-like implicit kernels',
  ),
  Einsum: followed(
    alsoOfData(einsum),
    'CP and Tucker kernels (tensorly-torch), kernels mixed by torch.einsum',
  ),
  Conv: followed(alsoOfData(convolveConstants), 'kernels merged by F.conv2d: DBB, RepVGG-like blocks'),
  // Types
  Cast: followed(cast, 'half precision converters, every quantiser'),
  CastLike: followed(castLike, 'torchlib functions of the dynamo exporter'),
  BitwiseAnd: followed(bitwise('BitwiseAnd'), 'int4 taken out of bytes (Model Optimizer)'),
  BitwiseOr: followed(bitwise('BitwiseOr'), 'torch.bitwise_or: weights put together from bit planes'),
  BitwiseXor: followed(bitwise('BitwiseXor'), 'sign extension of unpacked int4: (x ^ 8) - 8'),
  BitwiseNot: followed(bitwiseNot, 'torch.bitwise_not: bit planes of packed binary weights'),
  BitShift: followed(bitShift, 'int4 taken out of bytes (Model Optimizer)'),
  DequantizeLinear: followed(dequantise, 'ONNX Runtime, TensorRT, TFLite and torch quantisers'),
  QuantizeLinear: followed(
    quantise,
    'quantisation-aware training (pytorch-quantization, Brevitas QCDQ, Model Optimizer)',
  ),
  // Layout
  Identity: followed((c) => c.input(0), 'every exporter: shared weights, parametrisations'),
  // Nothing is dropped at inference.
  Dropout: followed((c) => c.input(0), 'lightweight convolutions exported as they train'),
  Transpose: followed(transpose, 'tf2onnx (HWIO to OIHW), flipped and transposed kernels'),
  Reshape: followed(reshape, 'every exporter'),
  Flatten: followed(flatten, 'torch parametrizations.spectral_norm: weight.flatten(1)'),
  Squeeze: followed(squeeze, 'tf2onnx Conv1D, torch squeeze'),
  Unsqueeze: followed(unsqueeze, 'tf2onnx Conv1D, weight_norm without keepdims'),
  Concat: followed(concatInputs, 'complex convolutions, SincNet halves, target shapes'),
  Slice: followed(slice, 'slimmable and once-for-all networks, flips, SincNet'),
  Split: followed(split, 'tf2onnx grouped convolutions, torch.chunk'),
  Expand: followed(expand, 'torch expand: shared depthwise kernels, blurs'),
  Tile: followed(tile, 'torch repeat: blur and Sobel kernels by channel'),
  Pad: followed(pad, 'RepVGG: 1x1 kernels among 3x3'),
  Gather: followed(
    gather,
    'index_select: group-equivariant kernels (e2cnn), PiDiNet, embedding-coded kernels',
  ),
  GatherElements: followed(gatherElements, 'torch.gather: permuted and structured-sparse kernels'),
  GatherND: followed(gatherND, 'torchlib (dynamo exporter): kernels indexed by lists'),
  ScatterElements: followed(scatterElements, 'torch.scatter: masked kernels'),
  ScatterND: followed(scatterND, 'index_put, in-place assignment: masked and difference convolutions'),
  Shape: followed(shapeOf, 'torch view and expand, weight standardisation'),
  Size: followed(sizeOf, 'torchlib numel'),
  ConstantOfShape: followed(constantOfShape, 'torch zeros, ones, expand: masks and shapes'),
  Range: followed(rangeOf, 'torch.arange: masks by position, index_put'),
  If: followed(ifElse, 'scripted torch modules whose condition is constant'),
};

const QONNX: Domain = {
  Quant: followed(quant, 'Brevitas, QKeras by qonnx'),
  IntQuant: followed(quant, 'qonnx since 1.0'),
  BipolarQuant: followed(bipolarQuant, 'Brevitas, QKeras by qonnx'),
};

const MODEL_OPTIMIZER = 'Model Optimizer, Transformer Engine';

const TENSORRT: Domain = {
  TRT_FP8QuantizeLinear: followed(trtQuantise.float8e4m3fn, MODEL_OPTIMIZER),
  TRT_FP8DequantizeLinear: followed(trtFloat8Dequantise, MODEL_OPTIMIZER),
  TRT_INT4QuantizeLinear: followed(trtQuantise.int4, 'Model Optimizer (AWQ)'),
  TRT_INT4DequantizeLinear: followed(dequantise, 'Model Optimizer (AWQ)'),
  TRT_MXFP8DequantizeLinear: followed(trtMicroscaledDequantise, MODEL_OPTIMIZER),
};

const OPENVINO: Domain = {
  FakeQuantize: followed(fakeQuantize, 'NNCF (torch, quantisation-aware training)'),
};

/** Domains whose operators are followed; ONNX Runtime's own mean what the standard ones do. */
const DOMAINS: Readonly<Record<string, Domain>> = {
  // The first exporters of Transformer Engine and of NNCF give no domain.
  '': { ...STANDARD, ...TENSORRT, ...OPENVINO },
  'com.microsoft': STANDARD,
  trt: { ...TENSORRT, DequantizeLinear: STANDARD.DequantizeLinear },
  'org.openvinotoolkit': OPENVINO,
  'qonnx.custom_op.general': QONNX,
  'finn.custom_op.general': QONNX,
  'onnx.brevitas': QONNX,
};

/** Operators of the default domain that are followed. */
export const FOLLOWED: readonly string[] = Object.keys(DOMAINS['']);

/** Who writes each operator that is followed, by domain and operator. */
export function writersOf(): { domain: string; operator: string; writers: string }[] {
  return Object.entries(DOMAINS).flatMap(([domain, rules]) =>
    Object.entries(rules).map(([operator, { writers }]) => ({ domain, operator, writers })),
  );
}

export function ruleOf(domain: string, operator: string): Rule | null {
  const rules = Object.hasOwn(DOMAINS, domain) ? DOMAINS[domain] : {};
  return Object.hasOwn(rules, operator) ? rules[operator].rule : null;
}
