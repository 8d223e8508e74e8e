"""What the animation of a sliding window shows: planes, kernel, map, and each sum in words.

Knows the traces and the reader's numbers; draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats
from cnnviz.figures.cells import Format

MOST_SIDE, MOST_OUTPUTS = 16, 144
"""Rows and columns with padding, and cells of the map, that stay legible and below a megabyte;
for a colour picture, whose every frame has three times the numbers, a third of those cells."""

_OTHER_PLANES = N_("The animation shows one plane, or the three of a colour picture, not {count}.")
_TOO_LARGE = N_(
    "The animation has room for {side} × {side} pixels with their padding and {most} cells of the "
    "map; here there are {height} × {width} and {count}: crop or shrink the picture first."
)

Cells = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Line:
    """Part of a sum: `start`, terms with `joint` between them, `end`; long ones get a gap."""

    terms: tuple[str, ...]
    end: str
    start: str = ""
    joint: str = " + "


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One place of the window: its rows and columns in `Scene.planes`, and the sum there."""

    rows: Cells
    cols: Cells
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that an animation shows.

    Attributes:
        planes: (P, H, W) what the window slides over; NaN where there is nothing.
        is_border: (H, W) cells that are no pixels of the picture.
        is_empty: (H, W) those of them that hold 0 or nothing.
        is_pixels: Whether the planes are light between 0 and 1.
        kernel: (P, kH, kW), or None for a pooling.
        output: (oH, oW).
        moments: One for each cell of the output, row by row.
    """

    planes: Floats
    is_border: Mask
    is_empty: Mask
    is_pixels: bool
    kernel: Floats | None
    output: Floats
    moments: tuple[Moment, ...]


def check_fits_animation(trace: ConvTrace | PoolTrace) -> None:
    """Refuse what is too large to be legible.

    Raises:
        Explained: with the numbers and a way out.
    """
    _, rows, cols = trace.output.shape
    if isinstance(trace, ConvTrace):
        planes, height, width = trace.kernels.shape[1], *trace.padded.shape[1:]
    else:
        planes, (height, width) = 1, _hanging(trace)[0].shape[1:]
    most = MOST_OUTPUTS // planes
    if planes not in (1, 3):
        raise Explained(_OTHER_PLANES, count=planes)
    if max(height, width) > MOST_SIDE or rows * cols > most:
        here = {"height": height, "width": width, "count": rows * cols}
        raise Explained(_TOO_LARGE, side=MOST_SIDE, most=most, **here)


def scene_of(
    trace: ConvTrace | PoolTrace,
    channel: int,
    unit: int,
    format: Format,
    names: Sequence[str] = ("", "", ""),
) -> Scene:
    """Return what the animation of one output channel shows; takes what `sliding_gif` does.

    `names` stand before the partial sums of red, green and blue.
    """
    check_fits_animation(trace)
    planes, is_border, is_empty, start = _planes(trace, channel)

    def moment(row: int, col: int) -> Moment:
        cell = trace.cell(channel, row, col)
        rows, cols = (
            first + corner + step * np.arange(size)
            for first, corner, step, size in zip(
                start, cell.corner, trace.spec.dilation, cell.patch.shape[-2:], strict=True
            )
        )
        if isinstance(trace, ConvTrace):
            return Moment(rows, cols, _sum(trace, (channel, row, col), unit, format, names))
        return Moment(rows, cols, (_kept(trace, (channel, row, col), unit, format),))

    return Scene(
        planes=planes,
        is_border=is_border,
        is_empty=is_empty,
        is_pixels=bool(trace.image.min() >= 0 and trace.image.max() <= 1),
        kernel=trace.kernels[channel] if isinstance(trace, ConvTrace) else None,
        output=trace.output[channel],
        moments=tuple(moment(*at) for at in np.ndindex(trace.output.shape[1:])),
    )


def _planes(
    trace: ConvTrace | PoolTrace, channel: int
) -> tuple[Floats, Mask, Mask, tuple[int, int]]:
    """Return the first three entries of a scene, and the cells added above and left."""
    if isinstance(trace, PoolTrace):
        hung, start = _hanging(trace)
        is_border = np.isnan(hung[channel])
        return hung[channel : channel + 1], is_border, is_border, start
    is_border = _border(trace)
    is_empty = is_border & (trace.spec.padding_mode == "zeros")
    # corners of a convolution are counted in the padded planes already
    return trace.planes_of(channel), is_border, is_empty, (0, 0)


def _border(trace: ConvTrace) -> Mask:
    """Cells of the padded planes that are no pixels of the picture."""
    spec, shape = trace.spec, trace.padded.shape[1:]
    inside = []
    for axis, (before, _) in enumerate(spec.borders()):
        step = spec.stride[axis] if spec.transposed else 1
        first = spec.extent[axis] - 1 - before if spec.transposed else before
        pixels = first + step * np.arange(trace.image.shape[axis + 1])
        inside.append(np.isin(np.arange(shape[axis]), pixels))
    return ~np.outer(*inside)


def _hanging(trace: PoolTrace) -> tuple[Floats, tuple[int, int]]:
    """The picture with NaN as far as windows hang over its edges; cells added above and left."""
    _, rows, cols = trace.output.shape
    first, last = trace.cell(0, 0, 0), trace.cell(0, rows - 1, cols - 1)
    pads = []
    for axis in (0, 1):
        end = last.corner[axis] + trace.spec.dilation[axis] * (last.patch.shape[axis] - 1) + 1
        pads.append((max(0, -first.corner[axis]), max(0, end - trace.image.shape[axis + 1])))
    hung = np.pad(trace.image, ((0, 0), *pads), constant_values=np.nan)
    return hung, (pads[0][0], pads[1][0])


def _sum(
    trace: ConvTrace, at: tuple[int, int, int], unit: int, format: Format, names: Sequence[str]
) -> tuple[Line, ...]:
    """Return one line a plane; where there are several, one more that adds them up."""
    cell, kernel = trace.cell(*at), trace.kernels[at[0]]
    planes = [
        tuple(
            f"{format(value * unit)}·{_bracketed(format(weight))}"
            for value, weight in zip(patch.ravel().tolist(), weights.ravel().tolist(), strict=True)
        )
        for patch, weights in zip(cell.patch, kernel, strict=True)
    ]
    bias = (_bracketed(format(cell.bias * unit)),) if cell.bias else ()
    total = f" = {format(cell.value * unit)}"
    if len(planes) == 1:
        return (Line(planes[0], f"{' + ' if bias else ''}{''.join(bias)}{total}"),)
    partial = [format(float(plane.sum()) * unit) for plane in cell.products]
    lines = [
        Line(terms, f" = {part}", f"{name}: " if name else "")
        for terms, part, name in zip(planes, partial, names, strict=True)
    ]
    return (*lines, Line((partial[0], *map(_bracketed, partial[1:]), *bias), total))


def _bracketed(text: str) -> str:
    return f"({text})" if text[0] in "-−" else text


def _kept(trace: PoolTrace, at: tuple[int, int, int], unit: int, format: Format) -> Line:
    """Return what the window keeps, in one line."""
    cell = trace.cell(*at)
    values = [float(value) * unit for value in cell.patch.ravel() if not np.isnan(value)]
    said, total = tuple(map(format, values)), f" = {format(cell.value * unit)}"
    if trace.spec.kind.endswith("max"):
        return Line(said, f"){total}", "max(", "; ")
    said = (*said[:1], *map(_bracketed, said[1:]))
    if trace.spec.kind.endswith("avg"):
        return Line(said, f") / {format(cell.divisor)}{total}", "(")
    power = format(trace.spec.norm)
    scaled = f") / {format(cell.divisor)}" if cell.divisor != 1 else ""
    terms: Sequence[str] = [f"{_bracketed(text)}^{power}" for text in said]
    return Line(tuple(terms), f"{scaled})^(1/{power}){total}", "((" if scaled else "(")
