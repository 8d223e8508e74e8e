"""Chains against torch.nn.functional, and fields against the cells that really change a cell."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.chain import (
    EXAMPLE,
    ActivationStep,
    Chain,
    ConvStep,
    PoolStep,
    StepRefused,
    fields_back,
)
from cnnviz.core.samples import draw_sample
from cnnviz.nn.lab.operations import run_chain

POSITIVE = "1,2,1;1,1,3"  # no zero, so that every cell under the window counts
CHAINS = {
    "convolutions": (ConvStep("box", 3, padding=1), ConvStep(POSITIVE, None, 2)),
    "dilated": (ConvStep("gaussian", 3, dilation=2), PoolStep("max", 3, 1), ConvStep("box", 3)),
    "two blocks": (*EXAMPLE.steps[1:], ConvStep(POSITIVE, None, padding=1)),
    "pools": (PoolStep("avg", 3, 2), ActivationStep("relu"), PoolStep("max", 2, 2)),
}


def test_the_example_equals_torch():
    image = draw_sample("digit-7")
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])[None, None]
    found = F.conv2d(torch.from_numpy(image), sobel, padding=1)
    shrunk = F.max_pool2d(found.relu(), 2)
    blurred = F.conv2d(shrunk, torch.full((1, 1, 3, 3), 1 / 9), padding=1)
    expected = (found, found.relu(), shrunk, blurred, blurred.relu(), F.max_pool2d(blurred, 2))
    outputs = run_chain(image, EXAMPLE)
    assert len(outputs) == len(expected)
    for output, wanted in zip(outputs, expected, strict=True):
        np.testing.assert_allclose(output, wanted.numpy(), atol=1e-5)


@pytest.mark.parametrize("steps", CHAINS.values(), ids=CHAINS)
def test_sizes_are_those_of_the_maps(steps):
    chain, image = Chain(steps), draw_sample("digit-7")
    maps = (image, *run_chain(image, chain))
    assert chain.sizes(image.shape[1:]) == tuple(each.shape[1:] for each in maps)


def on_the_map(field, values):
    """The part of a field that does not lie on the padding."""
    (top, left), (tall, wide) = field[:2], field[2:]
    _, rows, cols = values.shape
    bottom, right = min(top + tall, rows), min(left + wide, cols)
    top, left = max(top, 0), max(left, 0)
    return top, left, bottom - top, right - left


def brute_force_field(chain, stage, values, step, cell):
    """Box around the cells of `stage` that change `cell` after `step` when they are raised."""
    rest = Chain(chain.steps[stage:step])
    before = run_chain(values, rest)[-1][0][cell]
    touched = []
    for place in np.ndindex(values.shape):
        raised = values.copy()
        raised[place] += 1000
        if run_chain(raised, rest)[-1][0][cell] != before:
            touched.append(place[1:])
    top, left = np.min(touched, 0)
    height, width = np.max(touched, 0) - (top, left) + 1
    return top, left, height, width


@pytest.mark.parametrize("steps", CHAINS.values(), ids=CHAINS)
def test_a_field_is_what_really_changes_the_cell(steps):
    """All weights are positive, so a raised cell raises every maximum and every sum it is in."""
    chain = Chain(steps)
    image = np.random.default_rng(0).random((1, 18, 15), np.float32)
    maps = (image, *run_chain(image, chain))
    for step in range(1, len(maps)):
        middle = maps[step].shape[1] // 2, maps[step].shape[2] // 2
        fields = fields_back(chain, step, *middle)
        for stage in range(step):
            found = brute_force_field(chain, stage, maps[stage], step, middle)
            assert on_the_map(fields[stage], maps[stage]) == found, (step, stage)
        assert fields[step] == (*middle, 1, 1)


def test_a_field_at_the_corner_reaches_onto_the_padding():
    chain = Chain((ConvStep("box", 3, padding=1), ConvStep("box", 3, padding=1)))
    image = np.ones((1, 9, 9), np.float32)
    assert fields_back(chain, 2, 0, 0)[0] == (-2, -2, 5, 5)
    assert brute_force_field(chain, 0, image, 2, (0, 0)) == (0, 0, 3, 3)


def test_what_does_not_fit_is_refused_with_its_step():
    with pytest.raises(StepRefused, match="Step 2: The window is 11 rows"):
        run_chain(draw_sample("digit-7"), Chain((PoolStep(stride=4), ConvStep("box", 11))))


def test_numbers_that_leave_float32_are_refused_with_their_step():
    huge = ConvStep("1e6,1e6;1e6,1e6", None)
    with pytest.raises(StepRefused, match="Step 6: The numbers of the map"):
        run_chain(draw_sample("digit-7"), Chain((huge,) * 6))


def test_the_picture_is_not_modified():
    image = draw_sample("digit-7")
    run_chain(image, EXAMPLE)
    np.testing.assert_array_equal(image, draw_sample("digit-7"))
