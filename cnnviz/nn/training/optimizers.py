"""The optimiser of a training run, and the learning rate of each of its steps."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig

_RISE = 0.2
"""Share of the steps in which the one-cycle schedule raises the learning rate, along a line;
in the others it falls to 0, along a cosine. After Smith & Topin, arXiv:1708.07120."""


def make_optimizer(network: nn.Sequential, config: TrainConfig) -> torch.optim.Optimizer:
    """Return the optimiser that a config asks for, with the learning rate on a CUDA device there.

    Raises:
        Explained: the network has nothing to learn with.
    """
    parameters = [each for each in network.parameters() if each.requires_grad]
    if not parameters:
        raise Explained("The network is frozen: train a copy that has gradients.")
    device, decay = parameters[0].device, config.weight_decay
    is_cuda = device.type == "cuda"
    lr = torch.tensor(config.lr, device=device) if is_cuda else config.lr
    if config.optimizer == "adamw":
        return torch.optim.AdamW(
            parameters, lr=lr, weight_decay=decay, fused=True, capturable=is_cuda
        )
    return torch.optim.SGD(
        parameters, lr=lr, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
    )


def learning_rates(config: TrainConfig, total_steps: int) -> Callable[[int], float]:
    """Return what gives the learning rate of a step, from 0 on."""
    if config.schedule == "constant":
        return lambda step: config.lr
    rise = max(1.0, _RISE * total_steps)

    def one_cycle(step: int) -> float:
        if step < rise:
            return config.lr * ((step + 1) / (rise + 1))
        return config.lr * (
            (1 + math.cos(math.pi * (step - rise) / max(total_steps - rise, 1))) / 2
        )

    return one_cycle


def move_optimizer(optimizer: torch.optim.Optimizer, device: torch.device) -> None:
    """Bring what an optimiser keeps to where its parameters went: to a processor."""
    for group in optimizer.param_groups:
        group["lr"] = float(group["lr"])
        if "capturable" in group:
            group["capturable"] = False
    for kept in optimizer.state.values():
        for key, value in kept.items():
            if isinstance(value, Tensor):
                kept[key] = value.to(device)


def set_learning_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Set it in all groups; on a CUDA device without waiting for it."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(lr)
        else:
            group["lr"] = lr
