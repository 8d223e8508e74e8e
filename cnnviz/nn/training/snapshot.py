"""All that a training run is at one moment, as bytes: it goes on from them bit for bit."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from cnnviz.core.messages import Explained
from cnnviz.nn.training.run import TrainingRun


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A run between two events.

    Attributes:
        tensors: On the CPU. "network.<key>", "optimizer.<parameter>.<key>", "generator",
            "order" (within an epoch), and "progress": steps, pictures, seconds of validation
            and in all.
    """

    tensors: dict[str, Tensor]

    @property
    def step(self) -> int:
        """Optimiser steps taken."""
        return int(self.tensors["progress"][0])


def take_snapshot(run: TrainingRun) -> Snapshot:
    """Copy what a run is now; call it between two of its events."""
    tensors = {f"network.{key}": value for key, value in run.network.state_dict().items()}
    for idx, parameter in enumerate(_parameters(run)):
        for key, value in run.optimizer.state[parameter].items():
            if isinstance(value, Tensor):
                tensors[f"optimizer.{idx}.{key}"] = value
    tensors["generator"] = run.generator.get_state()
    if run.order is not None:
        tensors["order"] = run.order
    progress = run.step, run.seen, run.validation_s, perf_counter() - run.start
    tensors["progress"] = torch.tensor(progress, dtype=torch.float64)
    return Snapshot({k: v.detach().cpu().contiguous().clone() for k, v in tensors.items()})


def restore(run: TrainingRun, snapshot: Snapshot) -> None:
    """Bring a run that has taken no step to where another one was.

    Raises:
        Explained: the snapshot is of another network; the run is of no use then.
    """
    tensors = snapshot.tensors
    try:
        run.network.load_state_dict(_under("network.", tensors))
        for idx, parameter in enumerate(_parameters(run)):
            kept = _under(f"optimizer.{idx}.", tensors)
            run.optimizer.state[parameter] = {
                key: _like(value, parameter) for key, value in kept.items()
            }
        step, seen, validation_s, elapsed_s = tensors["progress"].tolist()
        if len(tensors["generator"]) == len(run.generator.get_state()):
            run.generator.set_state(tensors["generator"])
        else:  # of another kind of device, which draws otherwise
            run.generator.manual_seed(run.config.seed + int(step))
    except (KeyError, RuntimeError, ValueError) as error:
        raise Explained("The snapshot of the run is damaged.") from error
    run.step, run.seen, run.validation_s = int(step), int(seen), validation_s
    run.order = tensors["order"].to(run.device) if "order" in tensors else None
    run.start = run.last = perf_counter()
    run.start -= elapsed_s


def pack_snapshot(snapshot: Snapshot) -> bytes:
    """Return a snapshot as safetensors."""
    return safetensors.torch.save(snapshot.tensors)


def unpack_snapshot(data: bytes) -> Snapshot:
    """Read what `pack_snapshot` wrote, never code; raises `Explained` where it is damaged."""
    try:
        tensors = safetensors.torch.load(data)
    except SafetensorError as error:
        raise Explained("The snapshot of the run is damaged.") from error
    if "progress" not in tensors or tensors["progress"].shape != (4,):
        raise Explained("The snapshot of the run is damaged.")
    return Snapshot(tensors)


def _parameters(run: TrainingRun) -> list[Tensor]:
    return [each for group in run.optimizer.param_groups for each in group["params"]]


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)
    }


def _like(value: Tensor, parameter: Tensor) -> Tensor:
    """Lay a moment out as its parameter: the fused optimisers walk both in step."""
    if value.shape != parameter.shape:
        return value.to(parameter.device)
    return torch.empty_like(parameter, requires_grad=False).copy_(value)
