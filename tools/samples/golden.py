#!/usr/bin/env python3
"""Computes the golden values of the samples in float64, apart from the application's code.

usage: golden.py [--models DIR] [--out DIR]      default: public/samples to unit/golden/samples

It knows the plain ONNX files that export.py writes and no other: weights are initializers and nodes are in topological order.
Conventions: filters are rows (n, taps); histograms hold 70 bins over one range for all components; drift is the symmetric
Kullback-Leibler divergence of those histograms weighted by explained variance. Numbers keep 12 significant digits.
"""
import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper

ROOT = Path(__file__).resolve().parents[2]
BINS = 70
SPARSE_BELOW = 0.01
# What a layer of n random 3x3 filters reaches in variance entropy: L / (1 + exp(-k (log2 n - x0))) + b (CVPR 2022).
THRESHOLD_L, THRESHOLD_X0, THRESHOLD_K, THRESHOLD_B = 1.2618047, 2.30436435, 0.88767525, -0.31050834


# ---------------------------------------------------------------- graph
def convolutions(graph):
    """(node, weight as float64, depth) of every Conv and ConvTranspose; depth is the longest path from a graph input."""
    tensors = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    depth_of = {v.name: -1 for v in graph.input if v.name not in tensors}
    found = []
    for node in graph.node:
        depths = [depth_of[name] for name in node.input if name in depth_of]
        if not depths:
            continue
        depth_of.update({name: max(depths) + 1 for name in node.output})
        if node.op_type in ('Conv', 'ConvTranspose'):
            found.append((node, tensors[node.input[1]].astype(np.float64), max(depths) + 1))
    return found


def group_count(node):
    return next((a.i for a in node.attribute if a.name == 'group'), 1)


# ---------------------------------------------------------------- quality of a layer
def variance_entropy(filters):
    if len(filters) < 2:
        return 0.0
    variance = np.linalg.svd(filters - filters.mean(axis=0), compute_uv=False) ** 2
    if variance.sum() == 0:
        return 0.0
    share = variance[variance > 0] / variance.sum()
    return float(abs((share * np.log10(share)).sum()))


def random_threshold(count, taps):
    if taps != 9 or count < 9:
        return None
    return THRESHOLD_L / (1 + math.exp(-THRESHOLD_K * (math.log2(count) - THRESHOLD_X0))) + THRESHOLD_B


def ratio(value, threshold):
    return None if threshold is None else value / threshold


def orthogonality(weight):
    rows = weight.reshape(len(weight), -1)
    if len(rows) < 2:
        return None
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.where(norm == 0, 1, norm)
    return float(1 - abs(unit @ unit.T - np.eye(len(unit))).sum() / (len(unit) * (len(unit) - 1)))


def quality(weight, filters):
    reach = abs(filters).max(axis=1)
    peak = reach.max()
    sparse = reach < SPARSE_BELOW * peak if peak > 0 else np.ones(len(filters), bool)
    clean = filters[~sparse]
    entropy, clean_entropy = variance_entropy(filters), variance_entropy(clean)
    threshold = random_threshold(*filters.shape)
    return dict(
        sparsity=float(sparse.mean()),
        varianceEntropy=entropy,
        randomThreshold=threshold,
        varianceEntropyRatio=ratio(entropy, threshold),
        varianceEntropyClean=clean_entropy,
        varianceEntropyCleanRatio=ratio(clean_entropy, random_threshold(*clean.shape)),
        orthogonality=orthogonality(weight),
        normL1=float(abs(filters).sum()),
        normL2=float(np.sqrt((filters**2).sum())),
        peak=float(peak),
    )


# ---------------------------------------------------------------- basis of one kernel size
def scaled(filters):
    peak = abs(filters).max(axis=1, keepdims=True)
    return filters / np.where(peak == 0, 1, peak)


def principal_components(filters):
    """Mean (taps,), components in rows by falling variance with their largest loading positive, variances with n - 1."""
    variance, vectors = np.linalg.eigh(np.cov(filters, rowvar=False, ddof=1))
    components = vectors.T[::-1].copy()
    for row in components:
        row *= np.sign(row[abs(row).argmax()])
    return filters.mean(axis=0), components, np.maximum(variance[::-1], 0)


def histograms(coefficients, span):
    return np.stack([np.histogram(column, BINS, span)[0] for column in coefficients.T])


def drift(first, second, span, weights):
    def probabilities(counts):
        density = counts / (counts.sum(axis=1, keepdims=True) * (span[1] - span[0]) / BINS)
        density = np.where(density == 0, np.finfo(np.float32).eps, density)
        return density / density.sum(axis=1, keepdims=True)

    p, q = probabilities(first), probabilities(second)
    return float((weights * ((p - q) * np.log(p / q)).sum(axis=1)).sum())


def decile(fraction):
    return max(0, math.ceil(round(fraction * 10, 9)) - 1)


def basis(parts):
    """Statistics of the pooled filters; parts is a list of (depth fraction, raw filters)."""
    filters = np.concatenate([scaled(part) for _, part in parts])
    mean, components, variance = principal_components(filters)
    coefficients = (filters - mean) @ components.T
    span = (float(coefficients.min()), float(coefficients.max()))
    place = np.concatenate([np.full(len(part), decile(fraction)) for fraction, part in parts])
    deciles = sorted(set(place.tolist()))
    counts = [histograms(coefficients[place == d], span) for d in deciles]
    shares = variance / variance.sum()
    return dict(
        filterCount=len(filters),
        mean=mean.tolist(),
        components=components.tolist(),
        explainedVariance=variance.tolist(),
        explainedVarianceRatio=shares.tolist(),
        coefficientRange=list(span),
        histogram=histograms(coefficients, span).tolist(),
        deciles=deciles,
        decileFilterCounts=[int(c[0].sum()) for c in counts],
        decileDrift=[[drift(a, b, span, shares) for b in counts] for a in counts],
    )


def analyse(path):
    model = onnx.load(str(path))
    found = convolutions(model.graph)
    ranks = sorted({depth for node, _, depth in found if node.op_type == 'Conv'})
    layers, pools = [], defaultdict(list)
    for node, weight, depth in found:
        kernel = list(weight.shape[2:])
        filters = weight.reshape(-1, math.prod(kernel))
        rank = ranks.index(depth) if depth in ranks else None
        fraction = None if rank is None else rank / (len(ranks) - 1) if len(ranks) > 1 else 0.0
        layers.append(
            dict(
                name=node.name,
                operator=node.op_type,
                kernel=kernel,
                shape=list(weight.shape),
                groups=group_count(node),
                depth=depth,
                convDepth=rank,
                depthFraction=fraction,
                filterCount=len(filters),
                nonFiniteCount=0,
                quality=quality(weight, filters),
            )
        )
        if node.op_type == 'Conv' and math.prod(kernel) > 1 and len(filters):
            pools['x'.join(map(str, kernel))].append((fraction, filters))
    return dict(
        file=path.name,
        producer=f'{model.producer_name} {model.producer_version}'.strip(),
        irVersion=model.ir_version,
        opsets={entry.domain or 'ai.onnx': entry.version for entry in model.opset_import},
        layers=layers,
        bases={key: basis(parts) for key, parts in pools.items()},
    )


# ---------------------------------------------------------------- text
def shortened(value):
    if isinstance(value, float):
        return float(f'{value:.12g}')
    if isinstance(value, list):
        return [shortened(v) for v in value]
    if isinstance(value, dict):
        return {key: shortened(v) for key, v in value.items()}
    return value


def to_text(result):
    """JSON with a line for each layer and for each field of a basis: short, and readable in a diff."""
    line = lambda value: json.dumps(value, separators=(',', ':'))
    head = [f'{line(key)}:{line(result[key])},' for key in ('file', 'producer', 'irVersion', 'opsets')]
    layers = ',\n'.join(map(line, result['layers']))
    bases = ',\n'.join(
        f'{line(key)}:{{\n' + ',\n'.join(f'{line(name)}:{line(value)}' for name, value in fields.items()) + '}'
        for key, fields in result['bases'].items()
    )
    return '{' + '\n'.join(head) + f'\n"layers":[\n{layers}],\n"bases":{{\n{bases}}}}}\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--models', type=Path, default=ROOT / 'public' / 'samples')
    parser.add_argument('--out', type=Path, default=ROOT / 'unit' / 'golden' / 'samples')
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for stale in arguments.out.glob('*.json'):
        stale.unlink()
    for path in sorted(arguments.models.glob('*.onnx')):
        (arguments.out / f'{path.stem}.json').write_text(to_text(shortened(analyse(path))))


if __name__ == '__main__':
    main()
