"""A network and its training as one PyTorch program that runs by itself, to be read and changed.

Knows no torch: the program is text. It takes the same steps as `nn.training.run`: where nothing
is left out by chance (dropout), the same seed leads to the same weights.
"""

from __future__ import annotations

from cnnviz.core.networks.layer_kinds import torch_call
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.programs import needs, text_list
from cnnviz.core.training.train_config import TrainConfig

_CUDA = '"cuda" if torch.cuda.is_available() else "cpu"'
"""Also for what was trained on such a device: whoever has none can run the program, too."""
_DEVICES = {"auto": _CUDA, "cuda": _CUDA, "cpu": '"cpu"'}
_HALF = {"auto": 'DEVICE == "cuda" or CPU.get("amx_bf16", False)', "bf16": "True", "fp32": "False"}


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
        _HEAD.format(
            imports=loader.imports, needs=needs("torch", "numpy", "safetensors", loader.needs)
        ),
        _constants(spec, config),
        loader.text,
        _NETWORK.format(mean=_numbers(spec.mean), std=_numbers(spec.std), layers=_layers(spec)),
        *([vary] if is_varied else []),
        *([whiten] if is_prepared else []),
        _STEPS.format(
            vary=f'    images = vary(images, "{config.augment}", generator)\n' if is_varied else "",
            prepare="        whiten(network, learnt[0])\n" if is_prepared else "",
            optimizer=_OPTIMIZERS[config.optimizer],
            schedule=_SCHEDULES[config.schedule],
        ),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _constants(spec: NetworkSpec, config: TrainConfig) -> str:
    numbers = (name for name, asked in config.asked().items() if asked.bounds)
    lines = [f"{name.upper()} = {getattr(config, name)}" for name in numbers]
    lines.append(f"DEVICE = {_DEVICES[config.device]}")
    if config.precision == "auto":  # also a torch that cannot name what the processor can do
        lines.append('CPU = getattr(torch.cpu, "get_capabilities", dict)()')
    lines.append(f"IS_HALF = {_HALF[config.precision]}  # use bfloat16")
    if spec.labels:
        lines.append(text_list("LABELS", spec.labels))
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


# ------------------------------------------- its parts; braces are doubled where they stay

_HEAD = '''"""A network and its training, as cnnviz designed them: one file, to be changed at will.

python FILE                      trains the network, tests it, and saves trained.safetensors
python FILE WEIGHTS.safetensors  tests it with these weights

{needs}
"""

from __future__ import annotations

import math
import sys
from collections import OrderedDict

import numpy as np
import torch
from safetensors.torch import load_file, save_file
{imports}
from torch import nn
from torch.nn import functional as F
'''

_NETWORK = '''
class Normalize(nn.Module):
    """Subtract each channel's mean and divide by its standard deviation."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor({mean}).view(-1, 1, 1))
        self.register_buffer("std", torch.tensor({std}).view(-1, 1, 1))

    def forward(self, images):
        return (images - self.mean) / self.std


network = nn.Sequential(
    OrderedDict(
        normalize=Normalize(),
{layers}
    )
)


def as_pixels(images):
    """Return pictures as the network takes them, from 0 to 1."""
    return images.float() / 255


@torch.no_grad()
def draw_weights():
    """Draw all weights and biases uniformly within ±1 / √(inputs of the layer)."""
    generator = torch.Generator().manual_seed(SEED)
    for layer in network:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            bound = 1 / math.sqrt(layer.weight[0].numel())
            for parameter in layer.parameters():
                parameter.uniform_(-bound, bound, generator=generator)
'''

_OPTIMIZERS = {
    "adamw": "torch.optim.AdamW(learning, LR, weight_decay=WEIGHT_DECAY, fused=True)",
    "sgd": """torch.optim.SGD(
        learning, LR, 0.9, nesterov=True, weight_decay=WEIGHT_DECAY, fused=True
    )""",
}
_SCHEDULES = {
    "onecycle": """rise = max(1.0, 0.2 * total)
    if step < rise:
        return (step + 1) / (rise + 1)
    return (1 + math.cos(math.pi * (step - rise) / max(total - rise, 1))) / 2""",
    "constant": "return 1.0",
}
"""Share of the learning rate at a step out of `total`."""

_STEPS = '''
def share_of_lr(step, total):
    """Return what the learning rate is multiplied by."""
    {schedule}


@torch.no_grad()
def accuracy(images, labels):
    """Return the share of the pictures that the network names right."""
    network.eval()
    answers = torch.cat([network(as_pixels(batch)).argmax(1) for batch in images.split(1000)])
    return (answers == labels).double().mean().item()


def on_device(images, labels):
    """Return arrays as tensors where the network is."""
    return torch.from_numpy(images).to(DEVICE), torch.from_numpy(labels).long().to(DEVICE)


def train(images, labels):
    """Train the network; a share of the pictures is held out to measure with."""
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(SEED)).to(DEVICE)
    held = round(VALIDATION_SHARE * len(images))
    if VALIDATION_SHARE:
        held = min(max(held, 1), len(images) - 1)
    held_out, learnt = order[:held], order[held:]
    generator = torch.Generator(DEVICE).manual_seed(SEED)
    learning = [each for each in network.parameters() if each.requires_grad]
    optimizer = {optimizer}
    total = EPOCHS * -(-len(learnt) // BATCH_SIZE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: share_of_lr(step, total))
    for epoch in range(1, EPOCHS + 1):
        network.train()
        loss = 0.0
        order = torch.randperm(len(learnt), generator=generator, device=DEVICE)
        for batch in order.split(BATCH_SIZE):
            chosen = learnt[batch]
            loss += learn(images[chosen], labels[chosen], optimizer, generator) * len(batch)
            schedule.step()
        right = accuracy(images[held_out], labels[held_out]) if held else math.nan
        print(f"epoch {{epoch}}: loss {{loss / len(learnt):.4f}}, held out {{right:.2%}} right")


def learn(images, labels, optimizer, generator):
    """Take one step; return the loss before it."""
    images = as_pixels(images)
{vary}    images = images.contiguous(memory_format=torch.channels_last)
    with torch.autocast(torch.device(DEVICE).type, torch.bfloat16, enabled=IS_HALF):
        loss = F.cross_entropy(network(images), labels, label_smoothing=LABEL_SMOOTHING)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def main():
    """Train and save, or load; then test."""
    learnt, tested = load_data()
    if len(sys.argv) > 1:
        network.load_state_dict(load_file(sys.argv[1]))
        network.to(DEVICE)
    else:
        draw_weights()
{prepare}        network.to(DEVICE, memory_format=torch.channels_last)
        train(*on_device(*learnt))
        state = {{name: each.cpu().contiguous() for name, each in network.state_dict().items()}}
        save_file(state, "trained.safetensors")
    print(f"test pictures named right: {{accuracy(*on_device(*tested)):.2%}}")


if __name__ == "__main__":
    main()
'''
