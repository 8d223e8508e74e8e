"""A network and its training as one PyTorch program that runs by itself, to be read and changed.

Knows no torch: the program is text. It takes the same steps as `nn.training.run`: where nothing
is left out by chance (dropout), the same seed leads to the same weights.
"""

from __future__ import annotations

import textwrap

from cnnviz.core.networks.layer_kinds import torch_call
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.program_parts import HEAD, NETWORK, OPTIMIZERS, SCHEDULES, STEPS
from cnnviz.core.training.train_config import TrainConfig

_DEVICES = {"auto": '"cuda" if torch.cuda.is_available() else "cpu"'}
_HALF = {
    "auto": 'DEVICE == "cuda" or torch.cpu.get_capabilities().get("amx_bf16", False)',
    "bf16": "True",
    "fp32": "False",
}


def training_code(
    spec: NetworkSpec, config: TrainConfig, dataset: str, *, vary: str = "", whiten: str = ""
) -> str:
    """Return the program.

    Args:
        spec: The network.
        config: How it is trained.
        dataset: Id of the data set, which the program reads or downloads itself.
        vary: The source of `vary(images, kind, generator)`, which changes pictures a little;
            left out where the config has no use for it.
        whiten: The source of `whiten(network, images)`, which prepares convolutions; also optional.

    Raises:
        LookupError: a data set that no program here knows how to read.
    """
    if dataset not in DATA_SETS:
        raise LookupError(f"no program reads {dataset!r}; there are {', '.join(DATA_SETS)}")
    loader = DATA_SETS[dataset].loader
    is_varied, is_prepared = config.augment != "none", config.start == "whitened"
    parts = [
        HEAD.format(imports=loader.imports, needs=loader.needs),
        _constants(spec, config),
        loader.text,
        NETWORK.format(mean=_numbers(spec.mean), std=_numbers(spec.std), layers=_layers(spec)),
        *([vary] if is_varied else []),
        *([whiten] if is_prepared else []),
        STEPS.format(
            vary=f'    images = vary(images, "{config.augment}", generator)\n' if is_varied else "",
            prepare="        whiten(network, learnt[0])\n" if is_prepared else "",
            optimizer=OPTIMIZERS[config.optimizer],
            schedule=SCHEDULES[config.schedule],
        ),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _constants(spec: NetworkSpec, config: TrainConfig) -> str:
    labels = ", ".join(f'"{label}"' for label in spec.labels or ())
    named = {
        "EPOCHS": config.epochs,
        "BATCH_SIZE": config.batch_size,
        "LR": config.lr,
        "WEIGHT_DECAY": config.weight_decay,
        "LABEL_SMOOTHING": config.label_smoothing,
        "VALIDATION_SHARE": config.validation_share,
        "SEED": config.seed,
        "DEVICE": _DEVICES.get(config.device, f'"{config.device}"'),
        "IS_HALF": f"{_HALF[config.precision]}  # use bfloat16",
    }
    lines = [f"{name} = {value}" for name, value in named.items()]
    if labels:
        lines.append(textwrap.fill(f"LABELS = [{labels}]", 100, subsequent_indent=" " * 10))
    return "\n".join(lines)


def _numbers(values: tuple[float, ...]) -> str:
    return f"[{', '.join(map(str, values))}]"


def _layers(spec: NetworkSpec) -> str:
    """One line a layer, with the shape that comes out of it."""
    steps = spec.shapes()
    lines = []
    for step, before, layer in zip(steps[2:], steps[1:], spec.layers, strict=False):
        shape = " × ".join(map(str, step.shape))
        lines.append(f"        {step.name}={torch_call(layer, before.shape)},  # {shape}")
    return "\n".join(lines)
