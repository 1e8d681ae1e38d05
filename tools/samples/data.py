"""Synthetic image sets: 1/f noise, iterated-function-system fractals and scenes for image restoration.

Every generator takes (count, rng) with a numpy Generator and returns float32 images (count, channels, height, width),
about in [0, 1], and, where the task is classification, int64 labels (count,).
"""
import math
import zlib

import numpy as np

SIZE = 32

FRACTAL_CLASSES = 16


def rng_for(name, seed):
    """A generator of its own for each purpose, so that adding one model leaves the data of the others as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def pink_noise(rng, count, size, exponent=1.0):
    """1/f^exponent noise (count, size, size), each of zero mean and unit deviation; exponent may be one value an image."""
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size), indexing='ij')
    radius = np.hypot(fy, fx)
    gain = np.where(radius == 0, 1, radius)[None] ** -np.broadcast_to(exponent, (count,))[:, None, None] * (radius > 0)
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((count, size, size))) * gain).real
    return field / field.std(axis=(1, 2), keepdims=True)


# ---------------------------------------------------------------- fractals
def random_system(rng, maps=3):
    """Affine maps (maps, 2, 3) with singular values in [0.25, 0.75], so that the iteration contracts."""
    turn = lambda a: np.stack([np.cos(a), -np.sin(a), np.sin(a), np.cos(a)], -1).reshape(-1, 2, 2)
    stretch = rng.uniform(0.25, 0.75, (maps, 2, 1)) * np.where(rng.random((maps, 2, 1)) < 0.25, -1, 1)
    linear = turn(rng.uniform(0, 2 * math.pi, maps)) @ (stretch * turn(rng.uniform(0, 2 * math.pi, maps)))
    return np.concatenate([linear, rng.uniform(-1, 1, (maps, 2, 1))], axis=2)


def chaos_game(systems, rng, size, chains=192, steps=34, warm_up=10):
    """Log densities (n, size, size) in [0, 1] of the attractors of systems (n, maps, 2, 3)."""
    n, maps = systems.shape[:2]
    point = rng.uniform(-0.5, 0.5, (n, chains, 2))
    kept = []
    index = np.arange(n)[:, None]
    for step in range(steps):
        chosen = systems[index, rng.integers(0, maps, (n, chains))]
        point = np.einsum('ncij,ncj->nci', chosen[..., :2], point) + chosen[..., 2]
        if step >= warm_up:
            kept.append(point)
    points = np.concatenate(kept, axis=1)
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    span = (high - low).max(axis=2, keepdims=True)
    cell = ((points - (low + high) / 2) / np.where(span == 0, 1, span) * (size - 3) + size / 2).astype(int)
    flat = (index * size + cell[..., 1]) * size + cell[..., 0]
    density = np.log1p(np.bincount(flat.ravel(), minlength=n * size * size).reshape(n, size, size))
    return density / density.max(axis=(1, 2), keepdims=True)


def fractal_systems():
    """The parameter sets of the classes: the first random ones whose attractor fills between 12 and 40 percent of the image."""
    rng = rng_for('fractal classes', 1)
    systems = []
    while len(systems) < FRACTAL_CLASSES:
        system = random_system(rng)
        filled = (chaos_game(system[None], rng, SIZE) > 0).mean()
        if 0.12 < filled < 0.4:
            systems.append(system)
    return np.stack(systems)


def fractals(count, rng, size=SIZE):
    """Attractors of 16 iterated function systems with jittered parameters, turned, flipped, dimmed and noisy."""
    labels = rng.permutation(np.arange(count) % FRACTAL_CLASSES)
    systems = fractal_systems()
    parts = []
    for start in range(0, count, 500):
        chosen = systems[labels[start : start + 500]]
        jitter = rng.normal(0, 1, chosen.shape) * np.array([0.05, 0.05, 0.09])
        parts.append(chaos_game(chosen + jitter, rng, size))
    images = np.concatenate(parts)
    turns, flips = rng.integers(0, 4, count), rng.random(count) < 0.5
    for i in range(count):
        image = np.rot90(images[i], turns[i])
        images[i] = image[:, ::-1] if flips[i] else image
    images = images * rng.uniform(0.4, 1, (count, 1, 1)) + rng.normal(0, 1, images.shape) * rng.uniform(0.02, 0.16, (count, 1, 1))
    return images[:, None].astype(np.float32), labels.astype(np.int64)


# ---------------------------------------------------------------- scenes for restoration
def scenes(count, rng, size=SIZE):
    """Grey dead-leaves scenes: overlapping discs and half-planes of constant tone with faint 1/f texture, which have the
    edges and the spectrum of photographs."""
    y, x = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5, indexing='ij')
    images = np.broadcast_to(rng.uniform(0, 1, (count, 1, 1)), (count, size, size)).copy()
    column = lambda low, high: rng.uniform(low, high, count)[:, None, None]
    for leaf in range(14):
        radius = 2.5 * column(0.03, 1) ** -0.75
        inside = radius - np.hypot(x - column(0, size), y - column(0, size))
        if leaf % 2:
            angle, width = column(0, math.pi), column(0.7, 9)
            inside = np.minimum(inside + 6, width - abs((x - column(0, size)) * np.cos(angle) + (y - column(0, size)) * np.sin(angle)))
        cover = np.clip(inside + 0.5, 0, 1)
        images = images * (1 - cover) + cover * column(0, 1)
    images += pink_noise(rng, count, size, rng.uniform(0.8, 1.4, count)) * column(0, 0.08)
    return np.clip(images, 0, 1)[:, None].astype(np.float32)
