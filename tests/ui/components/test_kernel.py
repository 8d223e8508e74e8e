"""What the kernel editor sends to the browser, and what it believes of what comes back."""

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.kernels.text import MAX_TEXT
from cnnviz.ui import state
from cnnviz.ui.components import kernel
from cnnviz.ui.components.kernel import kernel_editor, reported
from tests.ui.opening import unpack

KEY = "filter.editor"


@pytest.fixture
def mounted(monkeypatch):
    """Mount an editor without a browser; returns its header, its weights and its callback."""
    held = {}
    monkeypatch.setattr(state, "held", held.get)
    monkeypatch.setattr(state, "hold", held.__setitem__)

    def mount(weights, **options):
        caught = {}
        monkeypatch.setattr(kernel, "renderer", lambda name: lambda **given: caught.update(given))
        mount.returned = kernel_editor(weights, key=KEY, **options)
        assert caught["key"] == KEY
        header, arrays = unpack(caught["data"])
        return header, arrays["weights"], caught["on_changed_change"]

    mount.held = held
    return mount


@pytest.mark.parametrize("planes", [1, 3])
def test_all_weights_travel_with_their_labels(mounted, planes):
    weights = np.stack([KERNELS["gaussian"].weights(3)] * planes).astype(np.float32)
    header, sent, _ = mounted(weights)
    np.testing.assert_array_equal(sent, weights)
    assert len(header["labels"]) == weights.size
    assert header["labels"][4] == "1/4"
    assert header["words"]["planes"] == (["Red", "Green", "Blue"] if planes == 3 else [])


@pytest.mark.parametrize(
    ("weight", "label"),
    [(1234.0, "1234"), (-1e6, "−1000000"), (1234.5678, "1234.568"), (-2.5, "−5/2"),
     (1 / 9, "1/9"), (3969 / 65536, "3969/65536")],
)  # fmt: skip
def test_labels_can_be_edited_and_read_again(mounted, weight, label):
    header, *_ = mounted(np.full((1, 1, 1), weight, np.float32))
    assert header["labels"] == [label]


@pytest.mark.parametrize(
    ("sent", "believed"),
    [({"changed": "1,0;2,3"}, "1,0;2,3"), ({"changed": "any text at all"}, "any text at all"),
     (None, None), ({}, None), ({"changed": None}, None), ({"changed": 3}, None),
     ({"changed": ["1"]}, None), ({"changed": "1" * MAX_TEXT}, "1" * MAX_TEXT),
     ({"changed": "1" * (MAX_TEXT + 1)}, None)],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_report_is_a_text_of_some_length(mounted, sent, believed):
    mounted.held[KEY] = sent
    mounted(np.ones((1, 2, 2), np.float32))
    assert mounted.returned == believed
    assert reported(KEY) == believed


def test_the_browser_is_told_which_report_was_heard(mounted):
    weights = np.ones((1, 1, 2), np.float32)
    seen = []
    header, _, callback = mounted(weights, on_change=lambda: seen.append(reported(KEY)))
    assert header["heard"] is None
    mounted.held[KEY] = {"changed": "1,5"}
    callback()
    assert seen == ["1,5"]
    mounted.held[KEY] = {}
    header, *_ = mounted(weights)
    assert header["heard"] == "1,5", "in every run from then on"
