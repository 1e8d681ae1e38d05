"""One training loop for every task, the losses, attacks and held-out metrics. Deterministic on one thread."""
import math

import torch
from torch.nn import functional as F

ATTACK_RADIUS = 0.08


def attack(network, images, labels, steps, radius=ATTACK_RADIUS):
    """Projected gradient descent in the maximum norm (Madry et al. 2018) from a random start; returns the images."""
    offset = (torch.rand_like(images) * 2 - 1) * radius
    for _ in range(steps):
        offset.requires_grad_(True)
        (gradient,) = torch.autograd.grad(F.cross_entropy(network(images + offset), labels), offset)
        offset = (offset.detach() + gradient.sign() * radius * 1.5 / steps).clamp(-radius, radius)
    return images + offset


def train(network, inputs, targets, loss, *, steps, batch, rate, decay=0.0, optimiser='adamw', report=print):
    """`steps` updates with a rate that warms up over 5 percent and falls as a cosine to zero.

    loss(network, x, y) gives a scalar. 'adamw' decays the matrices and kernels apart from the gradient; 'sgd' adds an L2 penalty
    on every parameter, the scales of batch norm included, which drives superfluous channels to zero. Returns the epochs run.
    """
    matrices = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    if optimiser == 'adamw':
        groups = [dict(params=matrices, weight_decay=decay), dict(params=others, weight_decay=0)]
        method = torch.optim.AdamW(groups, lr=rate)
    else:
        method = torch.optim.SGD(matrices + others, lr=rate, momentum=0.9, nesterov=True, weight_decay=decay)
    network.train()
    order = torch.randperm(len(inputs))
    position = 0
    for step in range(steps):
        ramp = min(1, (step + 1) / (0.05 * steps))
        for group in method.param_groups:
            group['lr'] = rate * ramp * 0.5 * (1 + math.cos(math.pi * step / steps))
        if position + batch > len(order):
            order, position = torch.randperm(len(inputs)), 0
        chosen = order[position : position + batch]
        position += batch
        x, y = inputs[chosen], targets[chosen]
        value = loss(network, x, y)
        method.zero_grad()
        value.backward()
        method.step()
        if report and (step + 1) % max(1, steps // 6) == 0:
            report(f'    step {step + 1}/{steps} loss {value.item():.4f}')
    network.eval()
    return round(steps * batch / len(inputs), 1)


# ---------------------------------------------------------------- losses
def classify(network, x, y):
    return F.cross_entropy(network(x), y)


def classify_attacked(network, x, y, steps=3):
    network.eval()  # batch statistics of the attack's own steps would leak into training
    attacked = attack(network, x, y, steps)
    network.train()
    return F.cross_entropy(network(attacked), y)


def classify_cropped(network, x, y, size=32, noise=0.06):
    """A random window of the batch under fresh noise, so that single pixels cannot be learned by heart."""
    top, left = torch.randint(0, x.shape[2] - size + 1, (2,)).tolist()
    x = x[:, :, top : top + size, left : left + size]
    return F.cross_entropy(network(x + torch.randn_like(x) * noise), y)


def regress(network, x, y):
    return F.mse_loss(network(x), y)


def reconstruct(network, x, y):
    return F.mse_loss(network(x), x)


# ---------------------------------------------------------------- metrics
def batched(network, inputs, batch=250):
    with torch.no_grad():
        return torch.cat([network(part) for part in inputs.split(batch)])


def accuracy(network, inputs, labels):
    return (batched(network, inputs).argmax(1) == labels).float().mean().item()


def attacked_accuracy(network, inputs, labels, steps=10):
    parts = [attack(network, x, y, steps) for x, y in zip(inputs.split(250), labels.split(250))]
    return accuracy(network, torch.cat(parts), labels)


def mean_iou(predicted, labels, classes):
    """Intersection over union, averaged over the classes."""
    scores = [((predicted == c) & (labels == c)).sum() / ((predicted == c) | (labels == c)).sum().clamp(min=1) for c in range(classes)]
    return torch.stack(scores).mean().item()


def psnr(a, b):
    """Peak signal-to-noise ratio in dB for a peak of 1, averaged over images."""
    return (-10 * torch.log10(((a - b) ** 2).flatten(1).mean(1).clamp(min=1e-10))).mean().item()
