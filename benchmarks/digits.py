"""Photographed digits: how many of each kind are read right, and how many wrong without a word.

The digits are MNIST's test digits, in `CNNVIZ_DATA`, photographed as
`tests/pictures/digit_photos/kinds.py` says; the finder was trained on MNIST's training digits, and
on none of the kinds in `UNSEEN`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import numpy as np
from torch import nn

from benchmarks.measured import Comparison, Part, Table, percentile
from cnnviz.core.messages import Explained
from cnnviz.core.networks.doubt import doubt
from cnnviz.core.pictures.digits import prepare_digit, propose_digit
from cnnviz.nn import capture, load_dataset, load_network
from cnnviz.nn.device import use_threads
from tests.pictures.digit_photos.kinds import KINDS, TOLD, UNSEEN, photographed

CLEAN = 2000
"""Test digits as they are in the file, for how often a clean digit is doubted."""


class Read(NamedTuple):
    """A photograph as it was read: right, wrong though doubted or refused, or wrong in silence."""

    is_right: bool
    is_told: bool


def measure(per_kind: int, say: Callable[[str], None], *, clean: int = CLEAN) -> Part:
    """Read so many photographs of each kind."""
    use_threads(1)
    data = load_dataset("mnist", download=False)
    images, labels = data.test_images[:, 0], data.test_labels
    rows, times = [], []
    for number, kind in enumerate(KINDS):
        say(f"digits: {kind}")
        read = []
        for n in range(per_kind):
            idx = (131 * number + 7 * n) % len(images)
            photo, _ink = photographed(kind, images[idx], 100_000 + 1000 * number + n)
            image = photo.astype(np.float32).transpose(2, 0, 1) / 255
            times.append(1000 * _timed(image))
            read.append(judged(image, int(labels[idx]), is_one=kind not in TOLD))
        rows.append(_row(kind, read))
    say("digits: clean ones")
    fine = [judged(image[None].astype(np.float32) / 255, int(label))
            for image, label in zip(images[:clean], labels[:clean], strict=True)]  # fmt: skip
    doubted = sum(each.is_told for each in fine) / len(fine)
    right = sum(right >= 0.9 * per_kind for _kind, _seen, right, _wrong, _told in rows)
    silent = max(wrong for _kind, _seen, _right, wrong, _told in rows)
    comparisons = (
        Comparison("kinds with less than 90 % right", "", len(rows) - right, at_most=5),
        Comparison("wrong without a word, the worst kind", "%", 100 * silent / per_kind, at_most=2),
        Comparison("clean digits that are doubted", "%", 100 * doubted, at_most=1),
        Comparison("proposing the steps, p95", "ms", percentile(times, 0.95), at_most=150),
    )
    head = ("kind", "trained on", "right", "wrong without a word", "right, but doubted")
    notes = (f"{per_kind} photographs of 640 × 480 pixels of each kind; {clean} clean digits.",)
    return Part("digits", comparisons, (Table("Kinds", head, tuple(rows)),), notes, (),
                {"proposing, ms": times})  # fmt: skip


def _row(kind: str, read: list[Read]) -> tuple[str, str, int, int, int]:
    return (
        kind,
        "no" if kind in UNSEEN else "yes",
        sum(each.is_right for each in read),
        sum(not each.is_right and not each.is_told for each in read),
        sum(each.is_right and each.is_told for each in read),
    )


def _timed(image: np.ndarray) -> float:
    began = time.perf_counter()
    with suppress(Explained):
        propose_digit(image)
    return time.perf_counter() - began


@cache
def _network() -> nn.Sequential:
    return load_network("mnist")


def judged(image: np.ndarray, label: int, *, is_one: bool = True) -> Read:
    """Read a picture as the pages do; one that holds several digits is right when that is said."""
    try:
        prepared = prepare_digit(image)
    except Explained:
        return Read(False, True)
    logits = capture(_network(), prepared.image)[-1].values.ravel()
    told = {"noticed": prepared.doubt, "steps": len(prepared.steps)}
    is_told = doubt(prepared.image, "mnist", logits, **told) is not None
    return Read(int(logits.argmax()) == label if is_one else is_told, is_told and is_one)
