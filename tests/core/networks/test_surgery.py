"""Operations are values: hashable, and never impossible."""

import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.surgery import AddNoise, SetWeight, Swap, SwitchOff, Zero


def test_operations_are_values():
    one = {Zero("a", 1), Zero("a", 1), Zero("a", 1, 0), Swap("a", 1, 2), AddNoise("a", 1, 0.5)}
    assert len(one) == 4
    assert SetWeight("a", 0, 0, 0, 0, 1) == SetWeight("a", 0, 0, 0, 0, 1.0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Zero("", 0),
        lambda: Zero("a", -1),
        lambda: Zero("a", 0, -1),
        lambda: Zero("a", True),
        lambda: Zero("a", 1.5),
        lambda: SetWeight("a", 0, 0, 0, -1, 1.0),
        lambda: SetWeight("a", 0, 0, 0, 0, float("nan")),
        lambda: SetWeight("a", 0, 0, 0, 0, 1e9),
        lambda: Swap("a", 0, -1),
        lambda: AddNoise("a", 0, -0.1),
        lambda: AddNoise("a", 0, float("inf")),
        lambda: AddNoise("a", 0, 1.0, 2**32),
        lambda: SwitchOff("a", -1),
        lambda: SwitchOff(None, 0),
    ],
)
def test_impossible_operations_are_explained(make):
    with pytest.raises(Explained, match="must be"):
        make()
