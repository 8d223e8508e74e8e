"""What the cards of filters and maps send to the browser, and what they believe of its answers."""

from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz.ui.components import maps as cards
from cnnviz.ui.components.maps import MapItem, maps
from tests.ui.opening import unpack


def items(count, side, planes=1, kernel=3):
    rng = np.random.default_rng(1)
    return [
        MapItem(
            f"filter {n}",
            rng.normal(size=(planes, kernel, kernel)).astype(np.float32),
            (10**n * rng.normal(size=(side, side))).astype(np.float32),
        )
        for n in range(count)
    ]


@pytest.fixture
def mounted(monkeypatch):
    """Mount cards without a browser; returns the block that they send."""

    def mount(given, *, answer=None, chosen=None, says=""):
        caught = {}

        def renderer(name):
            return lambda **data: caught.update(data) or SimpleNamespace(chosen=answer)

        monkeypatch.setattr(cards, "renderer", renderer)
        mount.returned = maps(given, key="maps", chosen=chosen, says=says)
        return caught["data"]

    return mount


def test_small_maps_travel_as_they_are(mounted):
    given = items(6, 28)
    header, arrays = unpack(mounted(given, chosen=2))
    assert arrays["map0"].dtype == np.float32
    assert header["chosen"] == 2
    for n, item in enumerate(given):
        np.testing.assert_array_equal(arrays[f"weights{n}"], item.weights)
        np.testing.assert_array_equal(arrays[f"map{n}"], item.values)
        told = header["items"][n]
        assert told["low"] == item.values.min()
        assert told["high"] == item.values.max()
        assert len(told["labels"]) == 9
    assert "about" not in header["words"]["reads"]


def test_six_maps_of_a_photograph_are_less_than_400_kb(mounted):
    given = items(6, 224, planes=3, kernel=11)
    block = mounted(given)
    assert len(block) < 400_000
    header, arrays = unpack(block)
    assert arrays["map0"].dtype == np.uint8
    assert "about" in header["words"]["reads"]
    for n, item in enumerate(given):
        peak = np.abs(item.values).max()
        assert header["items"][n]["peak"] == pytest.approx(peak)
        restored = (arrays[f"map{n}"].astype(np.float64) - 128) / 127 * peak
        np.testing.assert_allclose(restored, item.values, atol=peak / 254 * 1.001)
        assert header["items"][n]["labels"] == [], "no number would fit"


def test_a_map_of_zeros_has_a_scale(mounted):
    nothing = MapItem("none", np.zeros((1, 3, 3), np.float32), np.zeros((4, 4), np.float32))
    header, arrays = unpack(mounted([nothing]))
    assert header["items"][0]["peak"] == 1.0
    assert not arrays["map0"].any()


def test_large_maps_of_zeros_are_the_middle_of_the_scale(mounted):
    nothing = [MapItem("none", np.ones((1, 1, 1), np.float32), np.zeros((300, 300), np.float32))]
    _, arrays = unpack(mounted(nothing))
    np.testing.assert_array_equal(arrays["map0"], 128)


@pytest.mark.parametrize(
    ("answer", "position"),
    [(0, 0), (2, 2), (None, None), (3, None), (-1, None), (True, None), ("1", None), (1.0, None),
     ([1], None), ({"chosen": 1}, None)],
)  # fmt: skip
def test_what_is_no_position_chooses_none(mounted, answer, position):
    mounted(items(3, 4), answer=answer)
    assert mounted.returned == position


def test_the_line_below_is_the_callers_or_says_what_to_do(mounted):
    header, _ = unpack(mounted(items(1, 3), says="Six filters."))
    assert header["words"]["says"] == "Six filters."
    header, _ = unpack(mounted(items(1, 3)))
    assert "Point at a cell" in header["words"]["says"]
