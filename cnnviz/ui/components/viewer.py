"""The sliding window over a trace: hover or arrow keys, every number of the sum on screen."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.core.records import Floats
from cnnviz.core.traces import ConvTrace, PoolTrace
from cnnviz.ui import state
from cnnviz.ui.components.wire import pack, pixels_or_floats, renderer
from cnnviz.ui.text import _, browser_locale, number, size

Cell = tuple[int, int]

_FINEST = 4**10
"""Largest denominator of a binomial filter (11 × 11), whose weights are whole parts of it."""
_LARGEST = 512
"""Largest denominator that other weights are written with."""


def conv_viewer(trace: ConvTrace, *, key: str, unit: int, cell: Cell | None) -> Cell | None:
    """Show one filter sliding over a picture.

    Args:
        trace: Of one filter, (1, C, kH, kW).
        key: Of the mounted component.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
        cell: (row, col) of the output to start from, pinned; None starts in the busiest place.

    Returns:
        The pinned cell, or None.
    """
    spec, picture = trace.spec, trace.image.shape
    weights = trace.kernels[0]
    header = {
        "op": "conv",
        "is_picture": True,
        "stride": spec.stride,
        "dilation": spec.dilation,
        "kernel_size": spec.kernel_size,
        "pads": spec.pads(picture[-2:]),
        "shows_border": spec.padding_mode != "zeros",
        "bias": float(trace.bias[0]) if trace.bias is not None else 0.0,
        "weight_labels": [weight_label(weight) for weight in weights.ravel().tolist()],
        "words": {
            **_words(),
            "input": _("Input"),
            "input_shape": _shape(picture, spec.pads(picture[-2:])),
            "input_label": _("The picture under the filter, size {size}").format(
                size=size(picture)
            ),
            "kernel": _("Filter"),
            "kernel_shape": size(weights.shape),
            "kernel_label": _("The weights of the filter, size {size}").format(
                size=size(weights.shape)
            ),
            "output": _("Feature map"),
            "output_shape": size(trace.output.shape),
            "bias": _("bias"),
        },
    }
    arrays = {
        "input": pixels_or_floats(trace.padded),
        "weight": weights,
        "output": trace.output[:1],
    }
    return _mount(header, arrays, key=key, unit=unit, cell=cell)


def pool_viewer(
    trace: PoolTrace, *, before: Floats, key: str, unit: int, before_title: str, input_title: str
) -> None:
    """Show a pooling window sliding over a map, beside the map that it was activated from.

    Args:
        trace: Of one channel, kind "max" or "avg", no padding.
        before: (1, H, W) the map before its activation, same size as the trace's image.
        key: Of the mounted component.
        unit: As in `conv_viewer`.
        before_title: Heading of `before`.
        input_title: Heading of the trace's image.
    """
    spec, shape = trace.spec, trace.image.shape
    header = {
        "op": spec.kind,
        "is_picture": False,
        "stride": spec.stride,
        "dilation": spec.dilation,
        "kernel_size": spec.kernel_size,
        "pads": ((0, 0), (0, 0)),
        "shows_border": False,
        "words": {
            **_words(),
            "before": before_title,
            "before_shape": size(before.shape),
            "before_label": _("The map before its activation, size {size}").format(
                size=size(before.shape)
            ),
            "input": input_title,
            "input_shape": size(shape),
            "input_label": _("The activated map, size {size}").format(size=size(shape)),
            "output": _("Pooled"),
            "output_shape": size(trace.output.shape),
        },
    }
    arrays = {"before": before, "input": trace.image[:1], "output": trace.output[:1]}
    _mount(header, arrays, key=key, unit=unit, cell=None)


def _mount(
    header: dict[str, Any],
    arrays: dict[str, np.ndarray],
    *,
    key: str,
    unit: int,
    cell: Cell | None,
) -> Cell | None:
    output = arrays["output"][0]
    pinned = cell if cell and cell[0] < output.shape[0] and cell[1] < output.shape[1] else None
    start = pinned or np.unravel_index(np.abs(output).argmax(), output.shape)
    header |= {
        "unit": unit,
        "digits": 2 if unit == 255 else 3,
        "locale": browser_locale(),
        "cell": [int(n) for n in start],
        "pinned": pinned is not None,
    }
    key = state.instance(key)
    renderer("viewer")(key=key, data=pack(header, arrays), on_cell_change=lambda: None)
    held = st.session_state.get(key) or {}
    return _cell(held["cell"], output.shape) if "cell" in held else pinned


def _cell(sent: object, shape: tuple[int, ...]) -> Cell | None:
    """What the browser sent, if it is a cell of the output."""
    if not isinstance(sent, list) or len(sent) != 2:
        return None
    is_cell = all(isinstance(n, int) and 0 <= n < side for n, side in zip(sent, shape, strict=True))
    return (sent[0], sent[1]) if is_cell else None


def weight_label(weight: float) -> str:
    """Return a weight as people write it: a small fraction where it is one, else a number."""
    if weight == round(weight):
        return number(int(weight))
    exact = Fraction(weight)
    nearest = exact if exact.denominator <= _FINEST else exact.limit_denominator(_LARGEST)
    if np.float32(nearest.numerator / nearest.denominator) == np.float32(weight):
        return f"{nearest.numerator}/{nearest.denominator}".replace("-", "−")
    if abs(weight) < 1e-6:
        return f"{weight:.2e}".replace("-", "−")
    return number(weight, max(3, 2 - math.floor(math.log10(abs(weight)))))


def _shape(picture: tuple[int, ...], pads: tuple[Cell, Cell]) -> str:
    border = {n for axis in pads for n in axis}
    if border == {0}:
        return size(picture)
    return _("{size} · zero border {pad}").format(
        size=size(picture), pad=", ".join(number(n) for n in sorted(border))
    )


def _words() -> dict[str, str]:
    return {
        "window": _("Under the window"),
        "window_shape": _("what it covers now"),
        "window_label": _("The numbers under the window; the sum below tells them"),
        "output_label": _(
            "Output. Arrow keys move the window, Home and End jump along the row, the space "
            "bar plays, Enter pins this cell."
        ),
        "says": _(
            "Row {row}, column {col} (counted from 0) is {value}: the window covers rows "
            "{top} to {bottom} and columns {left} to {right}. Hover or use the arrow keys; "
            "a click pins the cell."
        ),
        "play": _("Play"),
        "pause": _("Pause"),
        "enlarge": _("Enlarge"),
    }
