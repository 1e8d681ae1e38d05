"""Drawn images: shapes of texture, coloured shapes with segmentation masks, stroke glyphs, and blobs. Same conventions as data.py."""
import math

import numpy as np

from data import SIZE, pink_noise

SHAPE_CLASSES = 5  # background, disc, square, triangle, ring
ORIENTATIONS = 4
TEXTURE_CLASSES = (SHAPE_CLASSES - 1) * ORIENTATIONS
TEXTURE_SIZE = 40  # training cuts windows of SIZE out of it

# Opponent colour axes: luminance, red-green, blue-yellow; rows are unit vectors in RGB.
COLOUR_AXES = np.array([[1, 1, 1], [1, -1, 0], [0.5, 0.5, -1]]) / np.sqrt([[3], [2], [1.5]])

GLYPHS = {
    # Strokes as polylines in the unit square, x to the right and y down.
    '0': [[(0.3, 0.1), (0.7, 0.1), (0.85, 0.5), (0.7, 0.9), (0.3, 0.9), (0.15, 0.5), (0.3, 0.1)]],
    '1': [[(0.3, 0.3), (0.55, 0.1), (0.55, 0.9)]],
    '2': [[(0.2, 0.25), (0.5, 0.1), (0.8, 0.3), (0.2, 0.9), (0.85, 0.9)]],
    '3': [[(0.2, 0.1), (0.8, 0.1), (0.45, 0.45), (0.8, 0.65), (0.55, 0.9), (0.2, 0.85)]],
    '4': [[(0.65, 0.9), (0.65, 0.1), (0.15, 0.65), (0.9, 0.65)]],
    '5': [[(0.8, 0.1), (0.25, 0.1), (0.22, 0.45), (0.7, 0.45), (0.8, 0.7), (0.6, 0.9), (0.2, 0.85)]],
    '7': [[(0.15, 0.1), (0.85, 0.1), (0.4, 0.9)]],
    '8': [[(0.5, 0.1), (0.78, 0.28), (0.22, 0.68), (0.5, 0.9), (0.78, 0.68), (0.22, 0.28), (0.5, 0.1)]],
    'A': [[(0.1, 0.9), (0.5, 0.1), (0.9, 0.9)], [(0.25, 0.62), (0.75, 0.62)]],
    'E': [[(0.8, 0.1), (0.2, 0.1), (0.2, 0.9), (0.8, 0.9)], [(0.2, 0.5), (0.7, 0.5)]],
    'F': [[(0.8, 0.1), (0.2, 0.1), (0.2, 0.9)], [(0.2, 0.48), (0.7, 0.48)]],
    'H': [[(0.2, 0.1), (0.2, 0.9)], [(0.8, 0.1), (0.8, 0.9)], [(0.2, 0.5), (0.8, 0.5)]],
    'K': [[(0.2, 0.1), (0.2, 0.9)], [(0.8, 0.1), (0.2, 0.55)], [(0.4, 0.42), (0.85, 0.9)]],
    'N': [[(0.2, 0.9), (0.2, 0.1), (0.8, 0.9), (0.8, 0.1)]],
    'T': [[(0.1, 0.1), (0.9, 0.1)], [(0.5, 0.1), (0.5, 0.9)]],
    'X': [[(0.15, 0.1), (0.85, 0.9)], [(0.85, 0.1), (0.15, 0.9)]],
}
GLYPH_SIZE = 28


# ---------------------------------------------------------------- shapes
def shape_field(kind, u, v, radius):
    """Distance in pixels to the edge of a shape at the origin, about, positive inside; kind 1-4 as in SHAPE_CLASSES."""
    distance = np.hypot(u, v)
    return np.select(
        [kind == 1, kind == 2, kind == 3],
        [radius - distance, radius * 0.85 - np.maximum(abs(u), abs(v)), radius * 0.6 - np.maximum(v, abs(u) * 0.866 - v * 0.5)],
        radius * 0.22 - abs(distance - radius * 0.8),
    )


def textured_shapes(count, rng, size=TEXTURE_SIZE):
    """Shapes that only their texture sets apart: 16 classes, 4 shapes by 4 orientations of the grating inside. Grating and
    ground, a grating of another orientation or 1/f noise, lie on random opponent colour axes."""
    labels = rng.permutation(np.arange(count) % TEXTURE_CLASSES)
    y, x = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5, indexing='ij')
    column = lambda low, high: rng.uniform(low, high, count)[:, None, None]

    def grating(orientation):
        angle = orientation[:, None, None] * math.pi / ORIENTATIONS + column(-0.15, 0.15)
        frequency = np.exp(column(math.log(0.1), math.log(0.25)))
        wave = np.sin(2 * math.pi * frequency * (x * np.cos(angle) + y * np.sin(angle)) + column(0, 2 * math.pi))
        return wave[:, None] * COLOUR_AXES[rng.integers(0, 3, count)][:, :, None, None] * column(0.2, 0.42)[:, None]

    inner = labels % ORIENTATIONS
    outer = (inner + rng.integers(1, ORIENTATIONS, count)) % ORIENTATIONS
    angle, radius = column(0, 2 * math.pi), column(9, 14)
    dx, dy = x - size / 2 + column(-4, 4), y - size / 2 + column(-4, 4)
    u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
    cover = np.clip(shape_field((labels // ORIENTATIONS + 1)[:, None, None], u, v, radius) + 0.5, 0, 1)[:, None]
    shown = (rng.random(count) < 0.5)[:, None, None, None]
    noise = pink_noise(rng, count * 3, size, 1.1).reshape(count, 3, size, size) * rng.uniform(0.03, 0.1, (count, 1, 1, 1))
    images = cover * grating(inner) + (1 - cover) * grating(outer) * shown + noise + rng.normal(0, 0.04, noise.shape) + 0.5
    return images.astype(np.float32), labels.astype(np.int64)


def shapes(count, rng, size=48):
    """Colour images with two to four overlapping shapes on 1/f backgrounds, and their masks (count, size, size) of class
    numbers 0-4."""
    y, x = np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5, indexing='ij')
    column = lambda low, high: rng.uniform(low, high, count)[:, None, None]
    colour = lambda: rng.uniform(0, 1, (count, 3, 1, 1))
    texture = pink_noise(rng, count * 3, size, 1.3).reshape(count, 3, size, size)
    images = colour() + texture * rng.uniform(0.04, 0.14, (count, 1, 1, 1))
    masks = np.zeros((count, size, size), np.int64)
    for place in range(4):
        kind = rng.integers(1, SHAPE_CLASSES, count)[:, None, None]
        shown = (rng.random(count) < (1 if place < 2 else 0.5))[:, None, None]
        radius, angle = column(6, 12), column(0, 2 * math.pi)
        dx, dy = x - column(6, size - 6), y - column(6, size - 6)
        u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        inside = shape_field(kind, u, v, radius)
        cover = (np.clip(inside + 0.5, 0, 1) * shown)[:, None]
        images = images * (1 - cover) + cover * (colour() + texture[::-1] * rng.uniform(0, 0.1, (count, 1, 1, 1)))
        masks = np.where((inside > 0) & shown, np.broadcast_to(kind, masks.shape), masks)
    images += rng.normal(0, 0.04, images.shape)
    return images.astype(np.float32), masks


# ---------------------------------------------------------------- glyphs
def glyph_segments():
    """Line segments (glyphs, most, 2, 2) of every glyph, the last one repeated to fill."""
    lists = [[(a, b) for line in lines for a, b in zip(line, line[1:])] for lines in GLYPHS.values()]
    most = max(map(len, lists))
    return np.array([segments + segments[-1:] * (most - len(segments)) for segments in lists])


def glyphs(count, rng, size=GLYPH_SIZE):
    """16 stroke glyphs: each image is its own 'font' by a random affine map, stroke width, softness, corner jitter, noise."""
    labels = rng.permutation(np.arange(count) % len(GLYPHS))
    parts = []
    table = glyph_segments()
    y, x = np.meshgrid((np.arange(size) + 0.5) / size, (np.arange(size) + 0.5) / size, indexing='ij')
    pixels = np.stack([x, y], -1)[None]
    for start in range(0, count, 250):
        segments = table[labels[start : start + 250]] - 0.5
        n = len(segments)
        angle, shear = rng.normal(0, 0.2, n), rng.normal(0, 0.25, n)
        turn = np.stack([np.cos(angle), np.sin(angle) + shear, -np.sin(angle), np.cos(angle)], -1).reshape(n, 2, 2)
        affine = turn * rng.uniform(0.5, 0.85, (n, 1, 2))
        corner = rng.normal(0, 0.02, segments.shape)
        segments = np.einsum('nij,nspj->nspi', affine, segments) + corner + 0.5 + rng.normal(0, 0.04, (n, 1, 1, 2))
        nearest = np.full((n, size, size), np.inf)
        for s in range(segments.shape[1]):
            a, b = segments[:, s, 0][:, None, None], segments[:, s, 1][:, None, None]
            along = b - a
            t = np.clip(((pixels - a) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-9), 0, 1)
            nearest = np.minimum(nearest, np.linalg.norm(pixels - a - t[..., None] * along, axis=-1))
        width, soft = rng.uniform(0.02, 0.06, (n, 1, 1)), rng.uniform(0.008, 0.03, (n, 1, 1))
        parts.append(1 / (1 + np.exp(np.clip((nearest - width) / soft, -40, 40))))
    images = np.concatenate(parts) * rng.uniform(0.4, 1, (count, 1, 1))
    images += pink_noise(rng, count, size, 0.7) * rng.uniform(0.03, 0.2, (count, 1, 1))
    return images[:, None].astype(np.float32), labels.astype(np.int64)


# ---------------------------------------------------------------- blobs
def blobs(count, rng, size=SIZE):
    """Grey images that are sums of three to six turned elliptical Gaussians, as in an electron or fluorescence microscope."""
    y, x = np.meshgrid(np.arange(size), np.arange(size), indexing='ij')
    column = lambda low, high: rng.uniform(low, high, count)[:, None, None]
    images = np.zeros((count, size, size))
    for place in range(6):
        shown = 1 if place < 3 else (rng.random(count) < 0.5)[:, None, None]
        angle, wide, narrow = column(0, math.pi), column(2.5, 6), column(1.2, 2.5)
        dx, dy = x - column(3, size - 3), y - column(3, size - 3)
        u, v = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        images += shown * column(0.3, 1) * np.exp(-((u / wide) ** 2 + (v / narrow) ** 2) / 2)
    return np.clip(images, 0, 1.5)[:, None].astype(np.float32)
