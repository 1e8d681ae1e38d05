"""What each sample is: data, network, training, the metric it must reach, and what the manifest says about it.

`fit` trains a network and returns (epochs, metrics, floor): metrics is a list of {name, value, chance}, the first one is the
model's own and must reach floor. The order of SAMPLES is the order on screen.
"""
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Callable

import numpy as np
import torch
from torch.nn import functional as F

import data
import drawing
import loops
import models

LARGEST = 8192  # images a classification set holds; smaller training sets are its beginning


@dataclass
class Sample:
    id: str
    title: str
    group: str  # what it shows: task, robustness, data, degeneration, depthwise
    teaches: str  # one short sentence
    task: str
    category: str
    training_data: str
    size: int
    architecture: str
    build: Callable
    fit: Callable
    description: str
    batch_norm: str = 'folded'
    training: str = 'standard'
    input_shape: tuple = (1, 1, 32, 32)
    seed: int = 1
    folded_from: str = field(default='')  # the sample whose training this one shares


@lru_cache(maxsize=2)
def split(generator, train_count, test_count):
    """Training and held-out sets as tensors, from generators of their own."""
    sets = []
    for part, count in (('train', train_count), ('test', test_count)):
        made = generator(count, data.rng_for(f'{generator.__name__} {part}', 1))
        sets += [torch.from_numpy(a) for a in (made if isinstance(made, tuple) else (made,))]
    return sets


# ---------------------------------------------------------------- ways to fit
def fit_classifier(network, generator, count, classes, floor, *, loss=loops.classify, labels='true', attacked=False, **options):
    x, y, test_x, test_y = split(generator, LARGEST, 1600)
    x, y = x[:count], y[:count]
    chance = 1 / classes
    if labels == 'random':
        y = torch.randint(0, classes, (count,))
    epochs = loops.train(network, x, y, loss, **options)
    held_out = dict(name='held-out accuracy', value=loops.accuracy(network, test_x, test_y), chance=chance)
    if labels == 'random':
        return epochs, [dict(name='training accuracy', value=loops.accuracy(network, x, y), chance=chance), held_out], floor
    metrics = [held_out]
    if attacked:
        under_attack = loops.attacked_accuracy(network, test_x[:800], test_y[:800])
        metrics.append(dict(name=f'held-out accuracy under PGD attack (radius {loops.ATTACK_RADIUS})', value=under_attack, chance=chance))
    return epochs, metrics, floor


def fit_textures(network, floor, **options):
    """Trains on random 32 x 32 windows of larger images, tests on their middle."""
    x, y, test_x, test_y = split(drawing.textured_shapes, LARGEST, 1600)
    edge = (drawing.TEXTURE_SIZE - data.SIZE) // 2
    middle = test_x[:, :, edge:-edge, edge:-edge].contiguous()
    epochs = loops.train(network, x, y, loops.classify_cropped, **options)
    return epochs, [dict(name='held-out accuracy', value=loops.accuracy(network, middle, test_y), chance=1 / drawing.TEXTURE_CLASSES)], floor


def fit_nothing(network, generator, classes):
    network.eval()
    _, _, test_x, test_y = split(generator, LARGEST, 1600)
    return 0, [dict(name='held-out accuracy', value=loops.accuracy(network, test_x, test_y), chance=1 / classes)], None


def fit_shapes(network, **options):
    x, y, test_x, test_y = split(drawing.shapes, 2400, 400)
    epochs = loops.train(network, x, y, loops.classify, **options)
    predicted = loops.batched(network, test_x, 50).argmax(1)
    score = partial(loops.mean_iou, labels=test_y, classes=drawing.SHAPE_CLASSES)
    background = score(torch.zeros_like(test_y))
    return epochs, [dict(name='held-out mean IoU', value=score(predicted), chance=background)], 0.7


def fit_denoiser(network, **options):
    x, test_x = split(data.scenes, 6000, 500)

    def noisy(clean):
        return clean + torch.randn_like(clean) * (0.05 + 0.2 * torch.rand(len(clean), 1, 1, 1))

    def loss(net, clean, _):
        return F.mse_loss(net(noisy(clean)), clean)

    epochs = loops.train(network, x, x, loss, **options)
    seen = noisy(test_x)
    gain = loops.psnr(loops.batched(network, seen), test_x) - loops.psnr(seen, test_x)
    return epochs, [dict(name='held-out PSNR gain over the noisy input (dB)', value=gain, chance=0)], 5


def fit_super_resolver(network, **options):
    x, test_x = split(data.scenes, 6000, 500)
    low, test_low = F.avg_pool2d(x, 2), F.avg_pool2d(test_x, 2)
    epochs = loops.train(network, low, x, loops.regress, **options)
    bicubic = F.interpolate(test_low, scale_factor=2, mode='bicubic', align_corners=False)
    gain = loops.psnr(loops.batched(network, test_low), test_x) - loops.psnr(bicubic, test_x)
    return epochs, [dict(name='held-out PSNR gain over bicubic (dB)', value=gain, chance=0)], 1


def fit_auto_encoder(network, **options):
    x, test_x = split(drawing.blobs, 8000, 500)
    epochs = loops.train(network, x, x, loops.reconstruct, **options)
    error = F.mse_loss(loops.batched(network, test_x), test_x).item()
    explained = 1 - error / F.mse_loss(x.mean(0, keepdim=True).expand_as(test_x), test_x).item()
    return epochs, [dict(name='held-out share of variance reconstructed', value=explained, chance=0)], 0.9


# ---------------------------------------------------------------- the fractal twins share one architecture
FRACTAL_DATA = 'attractors of 16 iterated function systems with jittered parameters, 32 x 32 grey, noisy'
TEXTURE_DATA = 'shapes that only the colour grating inside sets apart from the ground, 4 shapes by 4 orientations, 32 x 32 windows in RGB'
GLYPH_DATA = '16 stroke glyphs under random affine maps, stroke widths and noise, 28 x 28 grey'
SCENE_DATA = 'dead-leaves scenes with 1/f texture, 32 x 32 grey'


def fractal_net():
    return models.ResNet(1, data.FRACTAL_CLASSES)


def wide_fractal_net():
    return models.ResNet(1, data.FRACTAL_CLASSES, stem=40, widths=(40, 64, 88))


def texture_net():
    network = models.ResNet(3, drawing.TEXTURE_CLASSES, stem=32, stem_kernel=7, widths=(32, 40, 56))
    models.shrink_spatial_init(network)
    return network


def depthwise_net():
    network = models.DepthwiseNet(3, drawing.TEXTURE_CLASSES)
    models.shrink_spatial_init(network)
    return network.to(memory_format=torch.channels_last)  # halves the time of depthwise gradients


def glyph_net():
    return models.GlyphNet(1, len(drawing.GLYPHS))


fit_fractals = partial(fit_classifier, generator=data.fractals, classes=data.FRACTAL_CLASSES, batch=64)
fit_glyphs = partial(
    fit_classifier, generator=drawing.glyphs, classes=len(drawing.GLYPHS), count=6000, floor=0.9, batch=64, steps=4000, rate=8e-3, decay=0.1
)
fractal = partial(Sample, task='Classification', category='fractals', training_data=FRACTAL_DATA, build=fractal_net, architecture='ResNet-8 (16-32-48)')
