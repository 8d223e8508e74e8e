"""The layers a network may be built of, as small frozen values; `layer_kinds` has their table.

Every layer says what it makes of a shape, (C, H, W) for maps and (N,) for flat values, and how
many numbers it learns; a shape it cannot take is refused with its name and the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import ClassVar, Literal

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.records import Pair
from cnnviz.core.strict import choice, make_plain, many, real, whole

Shape = tuple[int, ...]

MOST_FILTERS = 1024
MOST_FEATURES = 8192
LARGEST_WINDOW = 31

POOL_KINDS = ("maxpool", "avgpool")


def activation_kinds() -> dict[str, str]:
    """Return the names of the activations that networks are built with, a part of the lab's."""
    return {each.id: each.name for each in ACTIVATIONS.values() if each.operator}


class _Plain:
    """What is true of a layer unless its class says otherwise."""

    __slots__ = ()

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return the shape of what comes out, here the same; a refusal says the layer's `name`."""
        return shape

    def parameters(self, shape: Shape) -> int:
        """Return the number of parameters, here 0."""
        return 0


@dataclass(frozen=True, slots=True)
class ConvLayer(_Plain):
    """A convolution with a bias a filter, over all channels.

    Attributes:
        filters: Feature maps it makes.
        kernel_size: (height, width); an int means both.
        stride: (height, width); an int means both.
        padding: (height, width) zeros on each side, an int, or "same".
    """

    kind: ClassVar[str] = "conv"
    filters: int
    kernel_size: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Pair | Literal["same"] = (0, 0)

    def __post_init__(self) -> None:
        make_plain(self)
        whole("filters", self.filters, 1, MOST_FILTERS)
        object.__setattr__(self, "kernel_size", _pair("kernel_size", self.kernel_size, 1))
        object.__setattr__(self, "stride", _pair("stride", self.stride, 1))
        if self.padding != "same":
            object.__setattr__(self, "padding", _pair("padding", self.padding, 0))
        _ = self.spec

    @property
    def spec(self) -> ConvSpec:
        """How its windows move."""
        return ConvSpec(self.kernel_size, self.stride, self.padding)

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return (filters, oH, oW) for maps of `shape`."""
        size = _slide(name, shape, self.kernel_size, self.spec.output_size)
        return (self.filters, *size)

    def parameters(self, shape: Shape) -> int:
        """Count weights and biases for maps of `shape`."""
        return self.filters * (shape[0] * prod(self.kernel_size) + 1)


@dataclass(frozen=True, slots=True)
class BatchNormLayer(_Plain):
    """Every map shifted and scaled by what the training pictures were like."""

    kind: ClassVar[str] = "batchnorm"

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return `shape`, which must be that of maps."""
        _size(name, shape)
        return shape

    def parameters(self, shape: Shape) -> int:
        """Count a scale and a shift a map."""
        return 2 * shape[0]


@dataclass(frozen=True, slots=True)
class ActivationLayer(_Plain):
    """A function of every single value: one of `activation_kinds()`."""

    kind: str = "relu"

    def __post_init__(self) -> None:
        make_plain(self)
        choice("kind", self.kind, tuple(activation_kinds()))


@dataclass(frozen=True, slots=True)
class PoolLayer(_Plain):
    """One number a window of every map: one of `POOL_KINDS`; pairs are (height, width)."""

    kind: str = "maxpool"
    kernel_size: Pair = (2, 2)
    stride: Pair = (2, 2)

    def __post_init__(self) -> None:
        make_plain(self)
        choice("kind", self.kind, POOL_KINDS)
        object.__setattr__(self, "kernel_size", _pair("kernel_size", self.kernel_size, 1))
        object.__setattr__(self, "stride", _pair("stride", self.stride, 1))

    @property
    def spec(self) -> PoolSpec:
        """How its windows move."""
        return PoolSpec("max" if self.kind == "maxpool" else "avg", self.kernel_size, self.stride)

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return (C, oH, oW) for maps of `shape`."""
        size = _slide(name, shape, self.kernel_size, self.spec.pooled_size)
        return (shape[0], *size)


@dataclass(frozen=True, slots=True)
class DropoutLayer(_Plain):
    """While training, a random share of the values set to 0; afterwards nothing."""

    kind: ClassVar[str] = "dropout"
    share: float = 0.5

    def __post_init__(self) -> None:
        make_plain(self)
        real("share", self.share, 0, 0.95)


@dataclass(frozen=True, slots=True)
class FlattenLayer(_Plain):
    """All maps in one row: channel by channel, row by row."""

    kind: ClassVar[str] = "flatten"

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return (C · H · W,) for maps of `shape`."""
        _size(name, shape)
        return (prod(shape),)


@dataclass(frozen=True, slots=True)
class LinearLayer(_Plain):
    """Weighted sums of all values before it, `features` of them, each with a bias."""

    kind: ClassVar[str] = "linear"
    features: int

    def __post_init__(self) -> None:
        make_plain(self)
        whole("features", self.features, 1, MOST_FEATURES)

    def output_shape(self, name: str, shape: Shape) -> Shape:
        """Return (features,); `shape` must be flat."""
        if len(shape) != 1:
            raise Explained(
                "The layer “{layer}” needs its values in one row, but gets {channels} maps of "
                "{height} × {width}: put a flatten layer before it.",
                layer=name,
                channels=shape[0],
                height=shape[1],
                width=shape[2],
            )
        return (self.features,)

    def parameters(self, shape: Shape) -> int:
        """Count weights and biases for (N,) values."""
        return self.features * (shape[0] + 1)


Layer = (
    ConvLayer
    | BatchNormLayer
    | ActivationLayer
    | PoolLayer
    | DropoutLayer
    | FlattenLayer
    | LinearLayer
)


def _pair(name: str, value: object, least: int) -> Pair:
    pair = many(name, (value, value) if isinstance(value, int) else value, 2, 2)
    for number in pair:
        whole(name, number, least, LARGEST_WINDOW)
    return pair[0], pair[1]


def _size(name: str, shape: Shape) -> Pair:
    if len(shape) != 3:
        raise Explained(
            "The layer “{layer}” needs maps, but gets a row of {count} values.",
            layer=name,
            count=shape[0],
        )
    return shape[1], shape[2]


def _slide(name: str, shape: Shape, window: Pair, output_size: Callable[[Pair], Pair]) -> Pair:
    """Return (height, width) of what a window makes of maps."""
    height, width = _size(name, shape)
    try:
        return output_size((height, width))
    except Explained as error:
        raise Explained(
            "The window of the layer “{layer}” is {window_height} × {window_width}, but the maps "
            "it gets are only {height} × {width}.",
            layer=name,
            window_height=window[0],
            window_width=window[1],
            height=height,
            width=width,
        ) from error
