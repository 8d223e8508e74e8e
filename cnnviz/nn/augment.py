"""Training pictures varied as handwriting varies, a whole batch at once, on its device."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT = 2.0
"""Pixels to any side."""
TURN = math.radians(10)
SCALE = 0.1
"""Larger or smaller by up to this share."""
PEN = 0.5
"""How much of the way a picture may go to the one drawn a pixel thicker or thinner."""


def vary(images: Tensor, generator: torch.Generator) -> Tensor:
    """Shift, turn, scale and thicken or thin each picture a little, by chance.

    Args:
        images: (N, C, H, W) float32 in [0, 1], white ink on black; not modified.
        generator: On the same device; draws all there is to draw.

    Returns:
        New (N, C, H, W) float32 in [0, 1].
    """
    draws = torch.rand(6, len(images), generator=generator, device=images.device) * 2 - 1
    return _move(_redraw(images, draws[5]), draws[:5])


def _redraw(images: Tensor, draws: Tensor) -> Tensor:
    """Blend with the brightest (thicker) or darkest (thinner) pixel of each 3 × 3 window."""
    share = (PEN * draws).view(-1, 1, 1, 1)
    thick = F.max_pool2d(images, 3, 1, 1)
    thin = -F.max_pool2d(-images, 3, 1, 1)
    return images + share.clamp(min=0) * (thick - images) + share.clamp(max=0) * (images - thin)


def _move(images: Tensor, draws: Tensor) -> Tensor:
    """Sample each picture on its own moved grid; outside is black. Draws are in [−1, 1]."""
    height, width = images.shape[-2:]
    angle = TURN * draws[0]
    tall, wide = 1 + SCALE * draws[1], 1 + SCALE * draws[2]
    down, across = draws[3] * 2 * SHIFT / height, draws[4] * 2 * SHIFT / width
    rows = (
        torch.stack((angle.cos() / wide, -angle.sin() / wide, across), 1),
        torch.stack((angle.sin() / tall, angle.cos() / tall, down), 1),
    )
    grid = F.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="zeros", align_corners=False)
