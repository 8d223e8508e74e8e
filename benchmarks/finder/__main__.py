"""Draws the pictures, trains, and writes the weights."""

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from benchmarks.finder.network import Finder, packed
from benchmarks.finder.views import CLOSE, UNKNOWN, WHOLE, views
from cnnviz.core.pictures.ink_network import WEIGHTS

BATCH = {"whole": 24, "close": 48}
LUMA = (0.299, 0.587, 0.114)


def drawn(digits, count):
    """All pictures: name of the view → (N, 4, S, S) uint8, and how many digits, (N,)."""
    whole = np.empty((count, 4, WHOLE, WHOLE), np.uint8)
    close = np.empty((count, 4, CLOSE, CLOSE), np.uint8)
    counts = np.empty((count, 2), np.int64)
    for number in range(count):
        whole[number], close[number], counts[number] = views(digits, number)
        if number % 1000 == 999:
            print(f"{number + 1} of {count} pictures drawn", flush=True)
    return {"whole": (whole, counts[:, 0]), "close": (close, counts[:, 1])}


def batch(data, view, rng):
    images, counts = data[view]
    chosen = np.sort(rng.choice(len(images), BATCH[view], replace=False))
    values = torch.from_numpy(images[chosen]).float() / 255
    return varied(values[:, :3], rng), values[:, 3], torch.from_numpy(counts[chosen])


def varied(images, rng):
    """Other colours, light and dark exchanged, grey, another gamma: the ink stays where it is."""
    count = len(images)
    for each in np.flatnonzero(rng.random(count) < 0.3):
        images[each] = images[each][torch.from_numpy(rng.permutation(3))]
    chosen = torch.from_numpy(rng.random((2, count)) < 0.15)[..., None, None, None]
    images = torch.where(chosen[0], 1 - images, images)
    luma = (images * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
    images = torch.where(chosen[1], luma.expand_as(images), images)
    gamma = torch.from_numpy(np.exp(rng.uniform(-0.4, 0.4, (count, 1, 1, 1)))).float()
    return images.clamp(0, 1) ** gamma


def loss(network, images, ink, counts):
    """Cross-entropy of each pixel, ink four times as dear; overlap; how many digits there are."""
    logits, count = network(images.contiguous(memory_format=torch.channels_last))
    each = F.binary_cross_entropy_with_logits(logits, ink, reduction="none")
    said = logits.sigmoid()
    shared, both = (said * ink).sum((1, 2)), said.sum((1, 2)) + ink.sum((1, 2))
    apart = 1 - (2 * shared + 1) / (both + 1)
    many = F.cross_entropy(count, counts, ignore_index=UNKNOWN)
    return (each * (1 + 3 * (ink > 0.3))).mean() + 0.3 * apart.mean() + 0.15 * many


def train(data, steps, seed=0):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Finder().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-3)
    for step in range(steps):
        rate = 3e-3 * min(1, (step + 1) / 100) * (0.5 * (1 + np.cos(np.pi * step / steps)) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        value = loss(network, *batch(data, ("close", "whole")[step % 2], rng))
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 99:
            print(f"step {step + 1} of {steps}, loss {value.item():.3f}", flush=True)
    return network.eval()


def main():
    parser = argparse.ArgumentParser("python -m benchmarks.finder")
    parser.add_argument("data", type=Path, help="the folder that holds MNIST/raw")
    parser.add_argument("--pictures", type=int, default=44_000)
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--into", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    path = asked.data / "MNIST" / "raw" / "train-images-idx3-ubyte"
    digits = np.frombuffer(path.read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)
    network = train(drawn(digits, asked.pictures), asked.steps)
    asked.into.write_bytes(packed(network))
    print(f"written to {asked.into}: {asked.into.stat().st_size} bytes")


if __name__ == "__main__":
    main()
