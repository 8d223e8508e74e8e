"""The network as it is trained, and its weights as `core.pictures.ink_network` reads them."""

import io

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

DOWN = (10, 16, 24, 36, 40)
UP = (28, 20, 14, 10)


def block(channels, kernels):
    convolution = nn.Conv2d(channels, kernels, 3, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(kernels), nn.ReLU(inplace=True))


class Finder(nn.Module):
    """(N, 3, H, W) in [0, 1] → logits of ink, (N, H, W), and of none, one, several, (N, 3)."""

    def __init__(self):
        super().__init__()
        sizes = (3, *DOWN)
        pairs = zip(sizes[:-1], DOWN, strict=True)
        self.down = nn.ModuleList([nn.Sequential(block(c, n), block(n, n)) for c, n in pairs])
        below = (DOWN[-1], *UP[:-1])
        triples = zip(below, DOWN[-2::-1], UP, strict=True)
        self.up = nn.ModuleList([block(c + beside, n) for c, beside, n in triples])
        self.ink = nn.Conv2d(UP[-1], 1, 1)
        self.count = nn.Linear(2 * DOWN[-1], 3)

    def forward(self, images):
        values = images - images.mean((2, 3), keepdim=True)
        values = values / (values.square().mean((1, 2, 3), keepdim=True).sqrt() + 0.02)
        kept = []
        for level, layers in enumerate(self.down):
            values = layers(F.max_pool2d(values, 2) if level else values)
            kept.append(values)
        count = self.count(torch.cat((values.amax((2, 3)), values.mean((2, 3))), 1))
        for layers, beside in zip(self.up, kept[-2::-1], strict=True):
            values = F.interpolate(values, scale_factor=2.0, mode="nearest")
            values = layers(torch.cat((values, beside), 1))
        return self.ink(values)[:, 0], count


def packed(network):
    """The file's bytes: batch norms folded into the kernels, in half precision."""
    arrays = {}
    for level, layers in enumerate(network.down):
        for part, each in enumerate(layers):
            _fold(arrays, f"down{level}.{part}", each)
    for level, each in enumerate(network.up):
        _fold(arrays, f"up{level}", each)
    arrays["ink.weight"], arrays["ink.bias"] = network.ink.weight[0, :, 0, 0], network.ink.bias[0]
    arrays["count.weight"], arrays["count.bias"] = network.count.weight, network.count.bias
    file = io.BytesIO()
    halves = {name: each.detach().numpy().astype(np.float16) for name, each in arrays.items()}
    np.savez_compressed(file, **halves)
    return file.getvalue()


def _fold(arrays, name, layers):
    convolution, norm, _ = layers
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    kernels = convolution.weight * scale[:, None, None, None]
    arrays[f"{name}.weight"] = kernels.permute(2, 3, 0, 1)  # (3, 3, O, C)
    arrays[f"{name}.bias"] = norm.bias - norm.running_mean * scale
