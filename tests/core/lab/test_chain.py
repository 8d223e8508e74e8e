"""Chains: their sizes, their links, and what is refused, with the number of the step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.kernels import LARGEST
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import (
    EXAMPLE,
    ActivationStep,
    Chain,
    ConvStep,
    PoolStep,
    StepRefused,
    fields_back,
)
from cnnviz.core.lab.chain_text import MAX_TEXT, format_chain, parse_chain
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.messages import Explained

SHARPEN = "0,-1,0;-1,5,-1;0,-1,0"
EXAMPLE_TEXT = "conv:sobel-x:3:1:1~relu~max:2:2~conv:box:3:1:1~relu~max:2:2"

moves = st.tuples(st.integers(1, 4), st.integers(0, 10), st.integers(1, 4))
named = st.tuples(st.sampled_from(["identity", "box", "gaussian"]), st.sampled_from([1, 3, 5, 11]))
weights = st.lists(st.floats(-99, 99, width=32), min_size=4, max_size=4)
typed = weights.map(lambda row: ",".join(map(str, row[:2])) + ";" + ",".join(map(str, row[2:])))
steps = st.one_of(
    st.builds(lambda kernel, move: ConvStep(*kernel, *move), named, moves),
    st.builds(lambda text, move: ConvStep(text, None, *move), typed, moves),
    st.sampled_from(list(ACTIVATIONS)).map(ActivationStep),
    st.builds(PoolStep, st.sampled_from(["max", "avg"]), st.integers(1, 7), st.integers(1, 4)),
)


def test_sizes_after_each_step_can_be_checked_by_hand():
    chain = Chain((ConvStep("box", 5, 2, 1), ActivationStep("relu"), PoolStep("avg", 3, 1)))
    # (28 + 2 − 5) / 2 + 1 = 13; (20 + 2 − 5) / 2 + 1 = 9; then − 2
    assert chain.sizes((28, 20)) == ((28, 20), (13, 9), (13, 9), (11, 7))


def test_an_impossible_step_is_named_with_its_numbers():
    chain = Chain((PoolStep(stride=4), ActivationStep("relu"), ConvStep("box", 9)))
    with pytest.raises(StepRefused, match=r"^Step 3: The window is 9 rows tall") as refused:
        chain.sizes((28, 28))
    assert refused.value.step == 3
    assert refused.value.reason.numbers["available"] == 7


@pytest.mark.parametrize("count", [0, 7])
def test_a_chain_has_one_to_six_steps(count):
    with pytest.raises(Explained, match=f"1 to 6 steps, not {count}"):
        Chain((ActivationStep("relu"),) * count)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConvStep("box", 3, 5),
        lambda: ConvStep("box", 3, 0),
        lambda: ConvStep("box", 3, 1, 11),
        lambda: ConvStep("box", 3, 1, -1),
        lambda: ConvStep("box", 3, 1, 0, 5),
        lambda: ConvStep("box", 13),
        lambda: ConvStep("box", None),
        lambda: ConvStep("sobel-x", 1),
        lambda: ConvStep("nothing"),
        lambda: ConvStep("1,x", None),
        lambda: ConvStep("1 " * 12, None),
        lambda: ConvStep("box", 3, True),
        lambda: ActivationStep("bend"),
        lambda: PoolStep("max", 8),
        lambda: PoolStep("max", 2, 0),
    ],
)
def test_impossible_steps_are_one_sentence(make):
    with pytest.raises(Explained):
        make()


def test_typed_weights_are_kept_in_one_form():
    step = ConvStep("0 -1 0\n-1 5 -1\n0 -1 0", None)
    assert step == ConvStep(SHARPEN, None)
    np.testing.assert_array_equal(step.weights, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    assert ConvStep("1 2 3", None).spec.kernel_size == (1, 3)


def test_the_link_of_the_example():
    assert format_chain(EXAMPLE) == EXAMPLE_TEXT
    assert parse_chain(EXAMPLE_TEXT) == EXAMPLE


@given(st.lists(steps, min_size=1, max_size=6))
def test_links_come_back_whole(drawn):
    chain = Chain(tuple(drawn))
    assert parse_chain(format_chain(chain)) == chain


def test_the_longest_chain_fits_in_a_link():
    row = ",".join(["-1.23456789e-05"] * LARGEST)
    step = ConvStep(";".join([row] * LARGEST), None, 4, 10, 4)
    assert len(format_chain(Chain((step,) * 6))) <= MAX_TEXT


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("", 1),
        ("relu~", 2),
        ("relu~bend", 2),
        ("relu:1", 1),
        ("conv", 1),
        ("conv:box:3:1:1:1:1", 1),
        ("conv:box:three", 1),
        ("conv:box:٣", 1),
        ("conv:box:-3", 1),
        ("conv:box:9999999", 1),
        ("relu~conv:box:13:1:1", 2),
        ("conv:../etc:3", 1),
        ("typed", 1),
        ("typed:1,nan:1:0", 1),
        ("typed:1,2;3:1:0", 1),
        ("typed:__import__('os'):1:0", 1),
        ("max:2", 1),
        ("max:2:2:2", 1),
        ("max:99:2", 1),
        ("median:2:2", 1),
        ("{step}~{reason}", 1),
    ],
)
def test_hostile_links_are_one_sentence_that_names_the_step(text, step):
    with pytest.raises(StepRefused) as refused:
        parse_chain(text)
    assert refused.value.step == step
    assert str(refused.value).startswith(f"Step {step}: ")
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("text", ["~".join(["relu"] * 7), "~" * 500, "relu" * 9999])
def test_endless_links_are_one_sentence(text):
    with pytest.raises(Explained):
        parse_chain(text)


def test_fields_grow_from_the_cell_back_to_the_picture():
    chain = Chain((ConvStep("box", 3), ActivationStep("relu"), PoolStep(), ConvStep("box", 3)))
    assert fields_back(chain, 4, 1, 2) == (
        (2, 4, 8, 8),
        (2, 4, 6, 6),
        (2, 4, 6, 6),
        (1, 2, 3, 3),
        (1, 2, 1, 1),
    )
    assert fields_back(chain, 4, 1, 2)[0] == receptive_field(chain.specs, 1, 2)
    assert fields_back(chain, 0, 5, 6) == ((5, 6, 1, 1),)
