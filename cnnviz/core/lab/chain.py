"""Up to six operations on one picture, one after another: sizes, and what a cell of any sees.

Knows the operations as small frozen values; `nn.run_chain` computes them, `chain_text` links them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from cnnviz.core.kernels import KERNELS, LARGEST
from cnnviz.core.kernels.text import format_kernel, parse_kernel
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats, Pair
from cnnviz.core.strict import LONGEST_TEXT, choice, make_plain, words

MAX_STEPS = 6
"""Operations in a chain, at most."""
STRIDES = (1, 4)
PADDINGS = (0, 10)
DILATIONS = (1, 4)
WINDOWS = (1, 7)
"""Least and most of each number of a step: a link may ask for anything."""

WRONG_COUNT = N_("A chain has 1 to {limit} steps, not {count}.")

Field = tuple[int, int, int, int]
Result = TypeVar("Result")

_STRIDE = N_("The stride of a step lies between {least} and {most}, and {value} does not.")
_PADDING = N_("The padding of a step lies between {least} and {most}, and {value} does not.")
_DILATION = N_("The dilation of a step lies between {least} and {most}, and {value} does not.")
_WINDOW = N_("A pooling window has {least} to {most} cells a side, not {value}.")
_SIZE = N_("A filter in a chain has {least} to {most} cells a side, not {value}.")


@dataclass(frozen=True, slots=True)
class ConvStep:
    """A convolution with one filter.

    Attributes:
        kernel: Id of the gallery, or the weights as text, which become `format_kernel`'s.
        size: Size of a gallery filter; None for typed weights, which bring their own.
        stride: Cells between neighbouring windows, down and across alike.
        padding: Zeros on every side.
        dilation: Cells between neighbouring taps.

    Raises:
        Explained: what is no filter, or a number out of its bounds.
    """

    kernel: str
    size: int | None = 3
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        make_plain(self)
        _check(self.stride, STRIDES, _STRIDE)
        _check(self.padding, PADDINGS, _PADDING)
        _check(self.dilation, DILATIONS, _DILATION)
        if self.kernel != "":  # of which the weights have more to say
            words("kernel", self.kernel, LONGEST_TEXT)
        if self.kernel in KERNELS:
            _check(self.size, (1, LARGEST), _SIZE)
        elif self.size is None:
            object.__setattr__(self, "kernel", format_kernel(parse_kernel(self.kernel)))
        else:
            raise Explained("There is no filter “{value}” in the gallery.", value=self.kernel[:20])
        _check(max(self.weights.shape), (1, LARGEST), _SIZE)

    @property
    def weights(self) -> Floats:
        """(kH, kW) float32."""
        if self.size is None:
            return parse_kernel(self.kernel)
        return KERNELS[self.kernel].weights(self.size)

    @property
    def spec(self) -> ConvSpec:
        """How the filter moves."""
        height, width = self.weights.shape
        moves = (self.stride, self.stride), self.padding, (self.dilation, self.dilation)
        return ConvSpec((height, width), *moves)


@dataclass(frozen=True, slots=True)
class ActivationStep:
    """An activation function, of every cell by itself; an id of `ACTIVATIONS`."""

    activation: str

    def __post_init__(self) -> None:
        make_plain(self)
        words("activation", self.activation, LONGEST_TEXT)
        if self.activation not in ACTIVATIONS:
            raise Explained("There is no activation “{value}”.", value=self.activation[:20])


@dataclass(frozen=True, slots=True)
class PoolStep:
    """A pooling that keeps the maximum or the mean of `window` × `window` cells."""

    kind: Literal["max", "avg"] = "max"
    window: int = 2
    stride: int = 2

    def __post_init__(self) -> None:
        make_plain(self)
        choice("kind", self.kind, ("max", "avg"))
        _check(self.window, WINDOWS, _WINDOW)
        _check(self.stride, STRIDES, _STRIDE)

    @property
    def spec(self) -> PoolSpec:
        """How the window moves."""
        return PoolSpec(self.kind, (self.window, self.window), (self.stride, self.stride))


ChainStep = ConvStep | ActivationStep | PoolStep


class StepRefused(Explained):
    """Why one step of a chain cannot be.

    Attributes:
        step: Which one, the first is 1.
        reason: The refusal itself.
    """

    def __init__(self, step: int, reason: Explained) -> None:
        self.step, self.reason = step, reason
        super().__init__(N_("Step {step}: {reason}"), step=step, reason=str(reason))


def at_step(step: int, work: Callable[[], Result]) -> Result:
    """Return what `work` returns.

    Raises:
        StepRefused: `work` refused; with the number of the step.
    """
    try:
        return work()
    except Explained as reason:
        raise StepRefused(step, reason) from reason


@dataclass(frozen=True, slots=True)
class Chain:
    """One to six operations in a row.

    Raises:
        Explained: none, or more than six.
    """

    steps: tuple[ChainStep, ...]

    def __post_init__(self) -> None:
        make_plain(self)
        count = len(self.steps) if isinstance(self.steps, tuple) else 0
        if not 1 <= count <= MAX_STEPS:
            raise Explained(WRONG_COUNT, limit=MAX_STEPS, count=count)

    @property
    def specs(self) -> tuple[ConvSpec | PoolSpec, ...]:
        """The windows of the chain, as `receptive_field` takes them."""
        return _specs(self.steps)

    def sizes(self, size: Pair) -> tuple[Pair, ...]:
        """Return (H, W) of the picture, given as `size`, and after each step.

        Raises:
            StepRefused: a window does not fit even once; with all the numbers.
        """
        sizes = [size]
        for number, step in enumerate(self.steps, 1):
            sizes.append(at_step(number, partial(_after, step, sizes[-1])))
        return tuple(sizes)


def fields_back(chain: Chain, step: int, row: int, col: int) -> tuple[Field, ...]:
    """Return what a cell of the map after `step` steps sees of the picture and of every map before.

    Returns:
        (top, left, height, width) a stage, from the picture to the cell's own map; a field may
        reach outside its map, onto the padding.
    """
    return tuple(
        receptive_field(_specs(chain.steps[stage:step]), row, col) for stage in range(step + 1)
    )


def _specs(steps: tuple[ChainStep, ...]) -> tuple[ConvSpec | PoolSpec, ...]:
    return tuple(step.spec for step in steps if not isinstance(step, ActivationStep))


def _after(step: ChainStep, size: Pair) -> Pair:
    if isinstance(step, ActivationStep):
        return size
    spec = step.spec
    return spec.output_size(size) if isinstance(spec, ConvSpec) else spec.pooled_size(size)


def _check(value: int | None, bounds: Pair, message: str) -> None:
    """Refuse what is no whole number within `bounds`."""
    least, most = bounds
    if type(value) is not int or not least <= value <= most:
        raise Explained(message, least=least, most=most, value=str(value))


EXAMPLE = Chain(
    (
        ConvStep("sobel-x", 3, padding=1),
        ActivationStep("relu"),
        PoolStep("max"),
        ConvStep("box", 3, padding=1),
        ActivationStep("relu"),
        PoolStep("max"),
    )
)
"""Edges are found, bent, shrunk, and gathered: two blocks of a small network."""
