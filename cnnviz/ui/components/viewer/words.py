"""What the viewer says, and in which numbers; the sentences' fields are filled in the browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.ui.components.viewer.axes import Axis
from cnnviz.ui.text import _, number, size

_FINEST = 4**10
"""Largest denominator of a binomial filter (11 × 11), whose weights are whole parts of it."""
_MOST_PARTS = 252**2
"""Largest numerator of such a filter: its middle."""
_LARGEST = 512
"""Largest denominator that other weights are written with."""

_BORDERS = {
    "zeros": N_("zero border {pad}"),
    "reflect": N_("reflected border {pad}"),
    "replicate": N_("repeated border {pad}"),
    "circular": N_("wrapped-around border {pad}"),
    "empty": N_("empty border {pad}"),
}


def weight_label(weight: float) -> str:
    """Return a weight as people write it: a small fraction where it is one, else a number."""
    if weight == round(weight):
        return number(int(weight))
    exact = Fraction(weight)
    nearest = exact if exact.denominator <= _FINEST else exact.limit_denominator(_LARGEST)
    is_same = np.float32(nearest.numerator / nearest.denominator) == np.float32(weight)
    if is_same and abs(nearest.numerator) <= _MOST_PARTS:
        return f"{nearest.numerator}/{nearest.denominator}".replace("-", "−")
    if abs(weight) < 1e-6:
        return f"{weight:.2e}".replace("-", "−")
    return number(weight, max(3, 2 - math.floor(math.log10(abs(weight)))))


def short_label(weight: float) -> str:
    """Return a weight for a narrow cell: `weight_label` where that is short, else rounded."""
    label = weight_label(weight)
    if len(label) <= 5:
        return label
    if abs(weight) >= 0.005:
        return number(weight, 2)
    digit, power = f"{weight:.0e}".split("e")
    return f"{digit}e{int(power)}".replace("-", "−")


def is_picture(values: Floats) -> bool:
    """Whether all values can be levels of a pixel, which are shown grey or in colour."""
    return bool(values.min(initial=0) >= 0 and values.max(initial=0) <= 1)


def planes(image: Floats) -> list[dict[str, str]]:
    """Return name and colour (of the palette; empty for none) of each channel of (C, H, W)."""
    if len(image) == 1:
        return [{"name": "", "colour": ""}]
    if len(image) == 3 and is_picture(image):
        named = ((_("Red"), "red"), (_("Green"), "green"), (_("Blue"), "blue"))
        return [{"name": name, "colour": f"plane_{colour}"} for name, colour in named]
    names = (_("Channel {n}").format(n=number(n)) for n in range(len(image)))
    return [{"name": name, "colour": ""} for name in names]


def of_conv(trace: ConvTrace, axes: Sequence[Axis], *, channel: int) -> dict[str, Any]:
    """Return the words of one filter on a picture."""
    weights, spec = trace.kernels[channel], trace.spec
    border = _border(axes, _BORDERS[spec.padding_mode])
    return {
        **_shared(),
        "input": _("Input"),
        "input_shape": " · ".join([size(trace.image.shape), *_stuffing(axes), *border]),
        "input_notes": _unused(axes),
        "input_label": _("The picture under the filter, size {size}").format(
            size=size(trace.image.shape)
        ),
        "kernel": _("Filter"),
        "kernel_shape": size(weights.shape),
        "kernel_label": _("The weights of the filter, size {size}").format(
            size=size(weights.shape)
        ),
        "output": _("Feature map"),
        "output_shape": size((1, *trace.output.shape[1:])),
        "bias": _("bias"),
        "step": _("Row {row}, column {col}: {terms} = {value}."),
        "lands": _(
            "Weight {weight} at row {row}, column {col}: it is multiplied with {count} cells of "
            "the input, one for each cell of the output; they are marked."
        ),
        "product": _("{value} · {weight} = {product}: the input’s row {row}, column {col}."),
    }


def of_pool(trace: PoolTrace, axes: Sequence[Axis], input_title: str) -> dict[str, Any]:
    """Return the words of a pooling."""
    shape = (1, *trace.image.shape[1:])
    kind = trace.spec.kind.removeprefix("adaptive_")
    counts = kind == "avg" and trace.spec.count_include_pad
    mode = _BORDERS["zeros" if counts else "empty"]
    steps = {
        "max": _("Row {row}, column {col}: the largest of {terms} is {value}."),
        "avg": _("Row {row}, column {col}: ({terms}) / {divisor} = {value}."),
        "lp": _("Row {row}, column {col}: ({terms})^(1/{norm}) = {value}."),
    }
    return {
        **_shared(),
        "input": input_title,
        "input_shape": " · ".join([size(shape), *_border(axes, mode)]),
        "input_notes": _unused(axes),
        "input_label": _("What is pooled, size {size}").format(size=size(shape)),
        "output": _("Pooled"),
        "output_shape": size((1, *trace.output.shape[1:])),
        "step": steps[kind],
        "product": _("{value}: the input’s row {row}, column {col}."),
        "empty": _("nothing: the window hangs over the edge"),
    }


def before(title: str, shape: tuple[int, ...]) -> dict[str, str]:
    """Return the words of the map before its activation."""
    return {
        "before": title,
        "before_shape": size(shape),
        "before_label": _("The map before its activation, size {size}").format(size=size(shape)),
    }


def _border(axes: Sequence[Axis], message: str) -> list[str]:
    border = {max(0, pad) for axis in axes for pad in (axis.before, axis.after)}
    if border == {0}:
        return []
    return [_(message).format(pad=", ".join(number(pad) for pad in sorted(border)))]


def _stuffing(axes: Sequence[Axis]) -> list[str]:
    zeros = [axis.stuffing - 1 for axis in axes]
    if not any(zeros):
        return []
    message = _("zeros inserted between rows: {rows}, columns: {cols}")
    return [message.format(rows=number(zeros[0]), cols=number(zeros[1]))]


def _unused(axes: Sequence[Axis]) -> str:
    """Which rows and columns of the picture no window reaches; empty where there are none."""
    rows, cols = axes
    sentences = []
    if rows.dropped:
        some = _("The last {count} rows are not used.").format(count=number(rows.dropped))
        sentences.append(_("The last row is not used.") if rows.dropped == 1 else some)
    if cols.dropped:
        some = _("The last {count} columns are not used.").format(count=number(cols.dropped))
        sentences.append(_("The last column is not used.") if cols.dropped == 1 else some)
    if rows.has_gaps or cols.has_gaps:
        sentences.append(_("The windows step over rows or columns that lie between them."))
    return " ".join(sentences)


def _shared() -> dict[str, Any]:
    return {
        "window": _("Under the window"),
        "window_shape": _("what it covers now"),
        "window_label": _("The numbers under the window; the sum below tells them"),
        "output_label": _(
            "Output. Arrow keys move the window, Home and End jump along the row, the space bar "
            "plays, R plays backwards, comma and full stop step, Enter pins this cell."
        ),
        "walk": _("Arrow keys point at one cell, and what belongs to it is marked."),
        "says": _(
            "Row {row}, column {col} (counted from 0) is {value}: the window covers rows "
            "{top} to {bottom} and columns {left} to {right}. Hover or use the arrow keys; "
            "a click pins the cell."
        ),
        "used": _(
            "The input’s row {row}, column {col}: {count} cells of the output use it; they are "
            "marked."
        ),
        "used_once": _(
            "The input’s row {row}, column {col}: one cell of the output uses it; it is marked."
        ),
        "unused": _("The input’s row {row}, column {col}: no window uses it."),
        "more": _("and {count} more"),
        **_moving_words(),
    }


def _moving_words() -> dict[str, Any]:
    return {
        "back": _("One step back"),
        "forth": _("One step forward"),
        "play": _("Play"),
        "pause": _("Pause"),
        "reverse": _("Play backwards"),
        "speed": _("Speed"),
        "speeds": [_("slow"), _("normal"), _("fast")],
        "scrub": _("Position of the window"),
        "place": _("row {row}, column {col}"),
        "enlarge": _("Enlarge"),
    }
