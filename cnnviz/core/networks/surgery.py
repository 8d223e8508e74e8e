"""Changes to a network's weights, as small frozen values. Knows no network.

`nn.operate` makes them on a copy. A filter is what makes one map: a kernel of a convolution, over
all its channels, or the weights of one value of a linear layer, whose channels are the values
before it, with row and column 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.strict import real, whole, words

LARGEST_WEIGHT = 1000.0
LARGEST_SCALE = 10.0
LARGEST_SEED = 2**32 - 1
_LARGEST_INDEX = 2**24


@dataclass(frozen=True, slots=True)
class Zero:
    """Set a filter to 0; its bias stays.

    Attributes:
        layer: Its layer's name, as in `LayerActivation`.
        kernel: Which filter of the layer.
        channel: Which of its channels; None: all.
    """

    layer: str
    kernel: int
    channel: int | None = None

    def __post_init__(self) -> None:
        words("layer", self.layer)
        _index("kernel", self.kernel)
        if self.channel is not None:
            _index("channel", self.channel)


@dataclass(frozen=True, slots=True)
class SetWeight:
    """Give one weight of a filter another value, at most `LARGEST_WEIGHT` from 0."""

    layer: str
    kernel: int
    channel: int
    row: int
    col: int
    value: float

    def __post_init__(self) -> None:
        words("layer", self.layer)
        for name in ("kernel", "channel", "row", "col"):
            _index(name, getattr(self, name))
        real("value", self.value, -LARGEST_WEIGHT, LARGEST_WEIGHT)


@dataclass(frozen=True, slots=True)
class Swap:
    """Let two filters of a layer change places, with their biases: their maps change places."""

    layer: str
    first: int
    second: int

    def __post_init__(self) -> None:
        words("layer", self.layer)
        _index("first", self.first)
        _index("second", self.second)


@dataclass(frozen=True, slots=True)
class AddNoise:
    """Add normally distributed noise to a filter, the same for the same seed.

    Attributes:
        layer: As in `Zero`; so is `kernel`.
        scale: Standard deviation of the noise, in those of the layer's weights; from 0 to
            `LARGEST_SCALE`.
        seed: From 0 to `LARGEST_SEED`.
    """

    layer: str
    kernel: int
    scale: float
    seed: int = 0

    def __post_init__(self) -> None:
        words("layer", self.layer)
        _index("kernel", self.kernel)
        real("scale", self.scale, 0, LARGEST_SCALE)
        whole("seed", self.seed, 0, LARGEST_SEED)


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Make a map, or a value of a flat layer, 0 whatever the picture.

    Attributes:
        layer: One that has filters or is batch norm; or a ReLU, tanh, pooling or dropout behind
            one, where that one's filter is switched off.
        channel: Which map.
    """

    layer: str
    channel: int

    def __post_init__(self) -> None:
        words("layer", self.layer)
        _index("channel", self.channel)


Operation = Zero | SetWeight | Swap | AddNoise | SwitchOff


def _index(name: str, value: int) -> None:
    whole(name, value, 0, _LARGEST_INDEX)
