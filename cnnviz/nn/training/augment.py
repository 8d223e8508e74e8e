"""Training pictures varied a little, a whole batch at once, on its device."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT = 2
"""Pixels to any side."""
TURN = math.radians(10)
SCALE = 0.1
"""Larger or smaller by up to this share."""
HOLE = 4
"""The covered square's side goes so often into the shorter side of a picture."""
PEN = 0.5
"""How much of the way a picture may go to the one drawn a pixel thicker or thinner."""


def vary(images: Tensor, kind: str, generator: torch.Generator) -> Tensor:
    """Change each picture a little, by chance.

    Args:
        images: (N, C, H, W) float32 in [0, 1]; not modified. Handwriting is white ink on black.
        kind: One of `core.training.train_config.AUGMENTATIONS`.
        generator: On the same device; draws all there is to draw.

    Returns:
        (N, C, H, W) float32 in [0, 1]; with "none" the same tensor.
    """
    if kind == "handwriting":
        return _rewrite(images, generator)
    if kind == "none":
        return images
    images = _reframe(images, generator)
    return _cover(images, generator) if kind == "cutout" else images


def _rewrite(images: Tensor, generator: torch.Generator) -> Tensor:
    """Shift, turn, scale and thicken or thin."""
    draws = torch.rand(6, len(images), generator=generator, device=images.device) * 2 - 1
    return _move(_redraw(images, draws[5]), draws[:5])


def _reframe(images: Tensor, generator: torch.Generator) -> Tensor:
    """Mirror half of the pictures left to right, and shift all by whole pixels.

    What comes in at an edge is the picture mirrored there. After K. Jordan, arXiv:2404.00498.
    """
    count, _, height, width = images.shape
    reach = min(SHIFT, height - 1, width - 1)
    down, across = torch.randint(
        2 * reach + 1, (2, count, 1), generator=generator, device=images.device
    )
    is_mirrored = torch.randint(2, (count, 1), generator=generator, device=images.device).bool()
    rows = torch.arange(height, device=images.device) + down  # (N, H)
    cols = torch.arange(width, device=images.device)
    cols = torch.where(is_mirrored, width - 1 - cols, cols) + across  # (N, W)
    padded = F.pad(images, (reach,) * 4, mode="reflect")
    pictures = torch.arange(count, device=images.device).view(-1, 1, 1)
    return padded[pictures, :, rows[:, :, None], cols[:, None, :]].permute(0, 3, 1, 2)


def _cover(images: Tensor, generator: torch.Generator) -> Tensor:
    """Paint a grey square into each picture, anywhere in it. After arXiv:1708.04552."""
    count, _, height, width = images.shape
    side = max(min(height, width) // HOLE, 1)
    tops, lefts = (
        torch.randint(extent - side + 1, (count, 1), generator=generator, device=images.device)
        for extent in (height, width)
    )
    rows, cols = (torch.arange(extent, device=images.device) for extent in (height, width))
    is_row = (rows >= tops) & (rows < tops + side)  # (N, H)
    is_col = (cols >= lefts) & (cols < lefts + side)  # (N, W)
    return images.masked_fill(is_row[:, None, :, None] & is_col[:, None, None, :], 0.5)


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
