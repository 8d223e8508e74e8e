"""Changes to a network's weights, as small frozen values. Knows no network.

`nn.operate` makes them on a copy. A filter is what makes one map: a kernel of a convolution, over
all its channels, or the weights of one value of a linear layer, whose channels are the values
before it, with row and column 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from cnnviz.core.strict import make_plain, real, whole, words

LARGEST_WEIGHT = 1000.0
LARGEST_SCALE = 10.0
LARGEST_SEED = 2**32 - 1
_Bounds = tuple[Callable[..., None], float, float]
_INDEX: _Bounds = (whole, 0, 2**24)
_BOUNDS: dict[str, _Bounds] = {
    "value": (real, -LARGEST_WEIGHT, LARGEST_WEIGHT),
    "scale": (real, 0, LARGEST_SCALE),
    "seed": (whole, 0, LARGEST_SEED),
}
"""By the name of a field; all others but the layer are indices."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of one layer.

    Attributes:
        layer: Its name, as in `LayerActivation`.
    """

    layer: str

    def __post_init__(self) -> None:
        make_plain(self)
        words("layer", self.layer)
        for each in fields(self)[1:]:
            value = getattr(self, each.name)
            if value is not None or each.default is not None:  # None only where it is the default
                check, low, high = _BOUNDS.get(each.name, _INDEX)
                check(each.name, value, low, high)


@dataclass(frozen=True, slots=True)
class Zero(_Change):
    """Set a filter to 0; its bias stays.

    Attributes:
        kernel: Which filter of the layer.
        channel: Which of its channels; None: all.
    """

    kernel: int
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class SetWeight(_Change):
    """Give one weight of a filter another value, at most `LARGEST_WEIGHT` from 0."""

    kernel: int
    channel: int
    row: int
    col: int
    value: float


@dataclass(frozen=True, slots=True)
class Swap(_Change):
    """Let two filters of a layer change places, with their biases: their maps change places."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class AddNoise(_Change):
    """Add normally distributed noise to a filter, the same for the same seed.

    Attributes:
        kernel: As in `Zero`.
        scale: Standard deviation of the noise, in those of the layer's weights; from 0 to
            `LARGEST_SCALE`.
        seed: From 0 to `LARGEST_SEED`.
    """

    kernel: int
    scale: float
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SwitchOff(_Change):
    """Make a map, or a value of a flat layer, 0 whatever the picture.

    Attributes:
        layer: One that has filters or is batch norm; or a ReLU, tanh, pooling or dropout behind
            one, where that one's filter is switched off.
        channel: Which map.
    """

    channel: int


Operation = Zero | SetWeight | Swap | AddNoise | SwitchOff
