"""Whatever is impossible has a way out that works, and it is the smallest by the stated rule."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.core.lab.specs import PADDING_MODES, ConvSettings, ConvSpec
from cnnviz.core.lab.ways_out import Change, say_way_out, way_out
from cnnviz.core.messages import Explained

SETTINGS = {
    "kernel_size": (3, 3),
    "stride": (1, 1),
    "padding": (0, 0),
    "dilation": (1, 1),
    "padding_mode": "zeros",
    "transposed": False,
    "output_padding": (0, 0),
}


def applied(given, changes):
    """The settings after the changes, with a padding that changes along one axis spelled out."""
    after = dict(given)
    for change in changes:
        if change.setting == "padding_mode":
            after["padding_mode"] = change.value
            continue
        pair = list(after[change.setting]) if isinstance(after[change.setting], tuple) else [0, 0]
        for axis in (0, 1) if change.axis is None else (change.axis,):
            pair[axis] = change.value
        after[change.setting] = tuple(pair)
    return after


def is_possible(size, given):
    try:
        if any(isinstance(axis, tuple) for axis in given["padding"]):
            sides = [(axis, axis) if isinstance(axis, int) else axis for axis in given["padding"]]
            given = {**given, "padding": tuple(sides)}
        return min(ConvSpec(**given).output_size(size)) >= 1
    except Explained:
        return False


@pytest.mark.parametrize(
    ("size", "given", "changes", "says"),
    [
        ((28, 28), {"kernel_size": (11, 11), "dilation": (4, 4)},
         [Change("kernel_size", None, 7)], "A filter of 7 × 7 would make it possible."),
        ((28, 9), {"kernel_size": (3, 5), "dilation": (1, 3)},
         [Change("dilation", 1, 2)], "A dilation of 2 along the columns would make it possible."),
        ((9, 9), {"stride": (0, 0)},
         [Change("stride", None, 1)], "A stride of 1 would make it possible."),
        ((9, 9), {"dilation": (2, 0)},
         [Change("dilation", 1, 1)], "A dilation of 1 along the columns would make it possible."),
        ((2, 2), {},
         [Change("padding", None, 1)], "A padding of 1 on all sides would make it possible."),
        ((9, 2), {"kernel_size": (3, 3)},
         [Change("padding", 1, 1)],
         "A padding of 1 at the left and right would make it possible."),
        ((3, 9), {"padding": (4, 4), "padding_mode": "reflect"},
         [Change("padding", 0, 2)], "A padding of 2 above and below would make it possible."),
        ((1, 1), {"padding": (1, 1), "padding_mode": "reflect"},
         [Change("padding_mode", None, "zeros")], "A border of zeros would make it possible."),
        ((9, 9), {"padding": "same", "stride": (2, 2)},
         [Change("stride", None, 1)], "A stride of 1 would make it possible."),
        ((2, 2), {"transposed": True, "padding": (3, 1)},
         [Change("padding", 0, 1)], "A padding of 1 above and below would make it possible."),
        ((2, 2), {"transposed": True, "padding": ((0, 1), (1, 1))},
         [Change("padding", 0, 0)], "A padding of 0 above and below would make it possible."),
        ((2, 2), {"transposed": True, "output_padding": (3, 0)},
         [Change("output_padding", 0, 0)],
         "An output padding of 0 at the bottom would make it possible."),
        ((2, 2), {"transposed": True, "kernel_size": (2, 2), "padding": "same"},
         [Change("padding", None, 0)], "A padding of 0 on all sides would make it possible."),
        ((9, 9), {"stride": (0, 1), "dilation": (0, 0)},
         [Change("dilation", None, 1), Change("stride", 0, 1)],
         "Changed together, these would make it possible (k filter, s stride, p padding, d "
         "dilation, a output padding; H rows, W columns): d = 1, sH = 1."),
        ((9, 9), {"stride": (0, 0), "padding_mode": "reflect", "transposed": True},
         [Change("padding_mode", None, "zeros"), Change("stride", None, 1)],
         "Changed together, these and a border of zeros would make it possible (k filter, s "
         "stride, p padding, d dilation, a output padding; H rows, W columns): s = 1."),
    ],
)  # fmt: skip
def test_ways_out_that_one_can_check_by_hand(size, given, changes, says):
    given = SETTINGS | given
    assert not is_possible(size, given)
    found = way_out(size, ConvSettings(**given))
    assert list(found) == changes
    assert str(say_way_out(found)) == says
    assert is_possible(size, applied(given, found))


def test_a_typed_filter_keeps_its_size():
    given = SETTINGS | {"kernel_size": (11, 11), "dilation": (4, 4)}
    found = way_out((28, 28), ConvSettings(**given), ("kernel_size",))
    assert found == (Change("dilation", None, 2),)
    everything = ("kernel_size", "dilation", "padding")
    assert way_out((28, 28), ConvSettings(**given), everything) == ()


def test_what_is_possible_is_left_alone():
    assert way_out((3, 3), ConvSettings()) == ()
    assert way_out((3, 3), ConvSettings(padding="valid")) == ()


pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731
cases = st.fixed_dictionaries(
    {
        "kernel_size": pair(0, 11),
        "stride": pair(-1, 4),
        "padding": pair(-1, 4) | st.tuples(pair(-1, 4), pair(-1, 4)) | st.sampled_from(
            ["same", "valid"]
        ),
        "dilation": pair(-1, 4),
        "padding_mode": st.sampled_from(PADDING_MODES),
        "transposed": st.booleans(),
        "output_padding": pair(-1, 3),
    }
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(size=pair(1, 12), given=cases)
def test_every_way_out_works_and_leads_somewhere_else(size, given):
    found = way_out(size, ConvSettings(**given))
    assert is_possible(size, applied(given, found))
    assert (found == ()) == is_possible(size, given)
    assert found == way_out(size, ConvSettings(**given))
    if found:
        sentence = say_way_out(found)
        assert str(sentence)
        assert all(isinstance(value, int | str) for value in sentence.numbers.values())
    for change in found:
        before = given[change.setting]
        assert change.value != before
        if change.axis is not None and isinstance(before, tuple):
            assert change.value != before[change.axis]


def smallest(size, kernel, stride, padding, dilation):
    """By trying everything on a square: (settings changed, relative steps added up)."""
    old = kernel, stride, padding, dilation
    costs = []
    for new in product(
        [kernel, *range(kernel - 2, 2, -2)],
        range(1, max(stride, 1) + 1),
        range(max(kernel * max(dilation, 1), padding) + 1),
        range(1, max(dilation, 1) + 1),
    ):
        if size + 2 * new[2] >= new[3] * (new[0] - 1) + 1:
            steps = [abs(a - b) / max(b, 1) for a, b in zip(new, old, strict=True)]
            costs.append((sum(step > 0 for step in steps), round(sum(steps), 9)))
    return min(costs)


@settings(max_examples=150, deadline=None)
@given(
    size=st.integers(1, 9),
    kernel=st.integers(1, 9),
    stride=st.integers(0, 3),
    padding=st.integers(0, 2),
    dilation=st.integers(0, 3),
)
def test_no_way_out_is_smaller(size, kernel, stride, padding, dilation):
    old = {
        "kernel_size": (kernel, kernel),
        "stride": (stride, stride),
        "padding": (padding, padding),
        "dilation": (dilation, dilation),
    }
    found = way_out((size, size), ConvSettings(**old))
    steps = [
        abs(each.value - old[each.setting][0]) / max(old[each.setting][0], 1) for each in found
    ]
    assert {each.axis for each in found} <= {None}
    assert (len(found), round(sum(steps), 9)) == smallest(size, kernel, stride, padding, dilation)
