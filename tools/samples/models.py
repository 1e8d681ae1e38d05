"""The network architectures of the samples, all small enough to train on one CPU core in minutes."""
import torch
from torch import nn
from torch.nn import functional as F


def conv_bn(inputs, outputs, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)
    )


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with batch norm and a shortcut (He et al. 2016)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = conv_bn(inputs, outputs, 3, stride)
        self.second = conv_bn(outputs, outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else conv_bn(inputs, outputs, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ResNet(nn.Module):
    """A stem of stride 2, one basic block a width, global average pooling and a linear classifier."""

    def __init__(self, channels, classes, stem=16, stem_kernel=3, widths=(16, 32, 48), blocks=1):
        super().__init__()
        self.stem = conv_bn(channels, stem, stem_kernel, 2)
        layers, inputs = [], stem
        for stage, width in enumerate(widths):
            for block in range(blocks):
                layers.append(BasicBlock(inputs, width, 2 if stage and not block else 1))
                inputs = width
        self.blocks = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.head(self.blocks(F.relu(self.stem(x))).mean(dim=(2, 3)))


class DepthwiseBlock(nn.Module):
    """Depthwise k x k, then a pointwise bottleneck of ratio 2, with a shortcut (after ConvNeXt, with batch norm)."""

    def __init__(self, width, kernel):
        super().__init__()
        self.depthwise = conv_bn(width, width, kernel, groups=width)
        self.expand = nn.Conv2d(width, 2 * width, 1)
        self.project = conv_bn(2 * width, width, 1)

    def forward(self, x):
        return x + self.project(F.relu(self.expand(self.depthwise(x))))


class DepthwiseNet(nn.Module):
    """Depthwise-separable classifier: stages of 7x7, 5x5 and 3x3 depthwise kernels, the first at half resolution."""

    def __init__(self, channels, classes, stages=((7, 32, 3), (5, 48, 2), (3, 64, 2))):
        super().__init__()
        layers = [conv_bn(channels, stages[0][1], 3, 2), nn.ReLU()]
        inputs = stages[0][1]
        for kernel, width, blocks in stages:
            if width != inputs:
                # Only the first change of width halves the resolution: 5x5 and 3x3 kernels both need room to act.
                layers.append(nn.Conv2d(inputs, width, 1) if kernel == 3 else nn.Conv2d(inputs, width, 2, 2))
            layers += [DepthwiseBlock(width, kernel) for _ in range(blocks)]
            inputs = width
        self.blocks = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        return self.head(self.blocks(x).mean(dim=(2, 3)))


class GlyphNet(nn.Module):
    """5x5, 3x3 and 3x3 convolutions with batch norm and max pooling."""

    def __init__(self, channels, classes, widths=(16, 32, 48)):
        super().__init__()
        self.first = conv_bn(channels, widths[0], 5)
        self.second = conv_bn(widths[0], widths[1])
        self.third = conv_bn(widths[1], widths[2])
        self.head = nn.Linear(widths[2], classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        return self.head(F.relu(self.third(x)).mean(dim=(2, 3)))


class UNet(nn.Module):
    """Two down and two up steps with skips; up by 2x2 ConvTranspose (Ronneberger et al. 2015, with batch norm)."""

    def __init__(self, channels, classes, widths=(12, 24, 40)):
        super().__init__()
        pair = lambda i, o: nn.Sequential(conv_bn(i, o), nn.ReLU(), conv_bn(o, o), nn.ReLU())
        low, middle, high = widths
        self.down1, self.down2, self.bottom = pair(channels, low), pair(low, middle), pair(middle, high)
        self.up2 = nn.ConvTranspose2d(high, middle, 2, 2)
        self.join2 = pair(2 * middle, middle)
        self.up1 = nn.ConvTranspose2d(middle, low, 2, 2)
        self.join1 = pair(2 * low, low)
        self.head = nn.Conv2d(low, classes, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(F.max_pool2d(a, 2))
        c = self.bottom(F.max_pool2d(b, 2))
        c = self.join2(torch.cat([self.up2(c), b], 1))
        return self.head(self.join1(torch.cat([self.up1(c), a], 1)))


class Denoiser(nn.Module):
    """Plain 3x3 convolutions that predict the noise (DnCNN without batch norm, Zhang et al. 2017)."""

    def __init__(self, width=24, depth=6):
        super().__init__()
        layers = [nn.Conv2d(1, width, 3, padding=1), nn.ReLU()]
        for _ in range(depth - 2):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, x):
        return x - self.layers(x)


class SuperResolver(nn.Module):
    """5x5 and 3x3 convolutions at low resolution and a pixel shuffle by 2 (ESPCN, Shi et al. 2016), added to the input pixel."""

    def __init__(self, width=24):
        super().__init__()
        self.first = nn.Conv2d(1, width, 5, padding=2)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.third = nn.Conv2d(width, width, 3, padding=1)
        self.last = nn.Conv2d(width, 4, 3, padding=1)

    def forward(self, x):
        y = F.relu(self.first(x))
        y = F.relu(self.second(y))
        return F.pixel_shuffle(self.last(F.relu(self.third(y))) + x, 2)


class AutoEncoder(nn.Module):
    """Strided 3x3 convolutions down to 4 x 4 x 8 numbers, 4x4 ConvTranspose back up."""

    def __init__(self, widths=(12, 24, 32), code=8):
        super().__init__()
        a, b, c = widths
        down = lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, 2, 1), nn.ReLU())
        up = lambda i, o: nn.Sequential(nn.ConvTranspose2d(i, o, 4, 2, 1), nn.ReLU())
        self.encoder = nn.Sequential(down(1, a), down(a, b), down(b, c), nn.Conv2d(c, code, 3, padding=1))
        self.decoder = nn.Sequential(
            nn.Conv2d(code, c, 3, padding=1), nn.ReLU(), up(c, b), up(b, b), up(b, a), nn.Conv2d(a, 1, 3, padding=1)
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


def shrink_spatial_init(network, factor=0.3):
    """Scale the spatial kernels that batch norm follows: the output is the same, but the random start then weighs less against what is learned."""
    with torch.no_grad():
        for sequence in network.modules():
            if isinstance(sequence, nn.Sequential) and len(sequence) == 2:
                conv, norm = sequence
                if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d) and conv.kernel_size[0] > 1:
                    conv.weight.mul_(factor)
