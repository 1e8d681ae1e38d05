#!/usr/bin/python3
"""Makes unit/golden/analysis/*.json: what numpy, scipy and the oracle say about a few small layers.

usage: analysis-fixtures.py [--oracle ../shared/reference/reference.py] [--out unit/golden/analysis]

Needs numpy and scipy (Debian: python3-numpy python3-scipy). The inputs are written with the results, rounded so that
they are the same float64 numbers on both sides; null stands for NaN.
"""
import argparse, importlib.util, json, os, subprocess, sys, tempfile
import numpy as np
from scipy.stats import gaussian_kde

rng = np.random.default_rng(20220331)


def layers():
    """Named (out, in, kh, kw) arrays."""
    base = lambda *shape: np.round(rng.standard_normal(shape) * 0.1, 4)
    structured = np.round(np.einsum('oik,khw->oihw', rng.standard_normal((6, 4, 2)), rng.standard_normal((2, 3, 3))) * 0.1, 4)
    sparse = base(5, 4, 3, 3)
    sparse[1] *= 0.001
    sparse[3, 2] = 0
    bad = base(4, 3, 3, 3)
    bad[1, 0, 2, 2] = np.nan
    bad[2, 2, 0, 0] = np.inf
    offset = base(4, 4, 3, 3) + 5
    return {
        'random 3x3': base(4, 4, 3, 3),
        'two patterns': structured,
        'sparse': sparse,
        'not finite': bad,
        'large mean': np.round(offset, 4),
        'eight filters': base(4, 2, 3, 3),
        'one filter': base(1, 1, 3, 3),
        'two filters': base(2, 1, 3, 3),
        'all zero': np.zeros((3, 4, 3, 3)),
        'zero row': np.concatenate([base(3, 4, 3, 3), np.zeros((1, 4, 3, 3))]),
        '5x5': base(3, 4, 5, 5),
        '1-D 7': base(4, 5, 7),
        '3-D': base(2, 5, 2, 3, 2),
        'pointwise': base(4, 4, 1, 1),
    }


def plain(a):
    """Nested lists with null for what JSON lacks."""
    if isinstance(a, np.ndarray):
        a = a.tolist()
    if isinstance(a, list):
        return [plain(v) for v in a]
    if isinstance(a, float) and not np.isfinite(a):
        return None
    return a


def write(folder, name, value):
    with open(os.path.join(folder, name), 'w') as f:
        f.write(json.dumps(value, separators=(',', ':')) + '\n')


def quality(oracle, w):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'w.npy')
        np.save(path, w)
        return json.loads(subprocess.run([sys.executable, oracle, '--quality', path], check=True, capture_output=True).stdout)


def basis(oracle, w):
    f, bad = oracle.finite_filters(w)
    x = oracle.scale(f)
    mean, components, variance = oracle.pca(x)
    c = (x - mean) @ components.T
    lo, hi = float(c.min()), float(c.max())
    half = len(c) // 3
    hists = [oracle.histograms(part, lo, hi) for part in (c[:half], c[half:])]
    weights = variance / variance.sum()
    total, each = oracle.drift(*hists, lo, hi, weights)
    return dict(mean=plain(mean), components=plain(components), explainedVariance=plain(variance), explainedVarianceRatio=plain(weights),
                coefficientRange=[lo, hi], histogram=plain(oracle.histograms(c, lo, hi)), first=half, drift=total, driftPerComponent=plain(each))


def numpy_histograms():
    """Values on and beside edges: numpy's own decisions."""
    cases = []
    for lo, hi, bins in [(-1.0, 1.0, 70), (0.1, 0.7, 7), (-3.0, 3.0, 1120), (0.25, 0.25, 70), (-0.3, 1e-9, 13)]:
        edges = np.histogram_bin_edges([], bins=bins, range=(lo, hi))
        picked = edges[:: max(1, bins // 12)]
        values = np.concatenate([picked, np.nextafter(picked, -9), np.nextafter(picked, 9), [edges[-1], lo, hi]])
        counts = np.histogram(values, bins=bins, range=(lo, hi))[0]
        cases.append(dict(range=[lo, hi], bins=bins, values=values.tolist(), bins_filled=[[int(k), int(counts[k])] for k in np.flatnonzero(counts)]))
    return cases


def kdes():
    """Silverman's bandwidth of section 3 and scipy's density at a few points."""
    cases = []
    for name, x in {
        'normal': rng.standard_normal(400),
        'two modes': np.concatenate([rng.normal(-1, 0.2, 150), rng.normal(1.5, 0.4, 250)]),
        'heavy tails': rng.standard_t(3, 300),
        'seven': rng.standard_normal(7),
        'mostly zero': np.concatenate([np.zeros(300), rng.standard_normal(60)]),
    }.items():
        x = np.round(x, 5)
        n, sd = len(x), x.std(ddof=1)
        iqr = np.subtract(*np.percentile(x, [75, 25]))
        h = (min(sd, iqr / 1.34898) if iqr > 0 else sd) * (0.75 * n) ** -0.2
        at = np.linspace(x.min() - 1, x.max() + 1, 41)
        cases.append(dict(name=name, values=x.tolist(), sd=sd, bandwidth=h, at=[at[0], at[-1]], density=gaussian_kde(x, h / sd)(at).tolist()))
    return cases


def random_entropies():
    """Mean and quantiles of H over layers really drawn."""
    cases = []
    for n, d, draws in [(3, 9, 4000), (5, 9, 4000), (9, 9, 4000), (64, 9, 4000), (30, 25, 2000), (12, 49, 2000)]:
        x = rng.standard_normal((draws, n, d))
        s = np.linalg.svd(x - x.mean(axis=1, keepdims=True), compute_uv=False) ** 2
        p = s / s.sum(axis=1, keepdims=True)
        h = -(p * np.log10(np.where(p > 1e-25, p, 1))).sum(axis=1)
        cases.append(dict(n=n, taps=d, mean=h.mean(), sd=h.std(ddof=1), low=np.quantile(h, 0.025), high=np.quantile(h, 0.975)))
    return cases


def null_of_halves(oracle):
    """Drift between really random halves of one pool of correlated coefficients, and null moments to compare."""
    mix = rng.standard_normal((4, 4))
    c = np.round(rng.standard_normal((900, 4)) @ mix, 5)
    lo, hi = float(c.min()), float(c.max())
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    sizes = [600, 300]
    draws = []
    for _ in range(1500):
        order = rng.permutation(len(c))
        a, b = c[order[: sizes[0]]], c[order[sizes[0] :]]
        draws.append(oracle.drift(oracle.histograms(a, lo, hi), oracle.histograms(b, lo, hi), lo, hi, weights)[0])
    return dict(range=[lo, hi], weights=weights.tolist(), sizes=sizes, counts=[oracle.histograms(part, lo, hi).tolist() for part in (c[:600], c[600:])],
                mean=float(np.mean(draws)), sd=float(np.std(draws, ddof=1)), q95=float(np.quantile(draws, 0.95)))


def eigenproblems():
    """Matrices given by a formula; eigenvalues falling."""
    return [dict(formula=name, d=d, values=np.linalg.eigvalsh(make(d))[::-1].tolist()) for name, make in {
        'min': lambda d: np.minimum.outer(np.arange(1, d + 1), np.arange(1, d + 1)).astype(float),
        'hilbert': lambda d: 1 / (np.add.outer(np.arange(d), np.arange(d)) + 1.0),
        'cosine': lambda d: np.cos(np.add.outer(np.arange(d) ** 2, np.arange(d) ** 2)),
    }.items() for d in (2, 9, 32, 33, 60)]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('--oracle', default='../shared/reference/reference.py')
    ap.add_argument('--out', default='unit/golden/analysis')
    a = ap.parse_args()
    spec = importlib.util.spec_from_file_location('oracle', a.oracle)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    os.makedirs(a.out, exist_ok=True)
    all_layers = layers()
    with_basis = ('random 3x3', 'sparse', 'not finite', '5x5', '1-D 7')
    write(a.out, 'layers.json', [dict(name=name, shape=list(w.shape), values=['NaN' if np.isnan(v) else 'Infinity' if np.isinf(v) else v for v in w.ravel().tolist()],
                                      quality=quality(a.oracle, w), basis=basis(oracle, w) if name in with_basis else None) for name, w in all_layers.items()])
    write(a.out, 'histograms.json', numpy_histograms())
    write(a.out, 'kde.json', kdes())
    write(a.out, 'random-entropy.json', random_entropies())
    write(a.out, 'drift-null.json', null_of_halves(oracle))
    write(a.out, 'eigen.json', eigenproblems())
    write(a.out, 'deciles.json', [[f, oracle.decile(f)] for f in [i / n for n in (1, 2, 3, 7, 10, 13, 20, 30, 41) for i in range(n + 1)]])


if __name__ == '__main__':
    main()
