"""A filter's numbers on a board: typed, walked over with the keys, painted with a brush."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from cnnviz.core.kernels.text import MAX_TEXT, MAX_WEIGHT
from cnnviz.core.records import Floats
from cnnviz.ui import state
from cnnviz.ui.components.viewer import weight_label
from cnnviz.ui.components.wire import pack, renderer, sent
from cnnviz.ui.text import _, browser_locale, number, separators, size


class KernelHeader(TypedDict):
    """What the browser is told; `heard` is its last report, once it is answered."""

    locale: str
    labels: list[str]
    heard: str | None
    most: float
    words: dict[str, Any]


def kernel_editor(
    weights: Floats,
    *,
    key: str,
    on_change: Callable[[], None] = lambda: None,
    is_learned: bool = False,
) -> str | None:
    """Show a filter to be changed by hand.

    Args:
        weights: (C, kH, kW), C = 1 or 3, finite.
        key: Key of the mounted component.
        on_change: Called before the page runs, when `reported` has a filter to tell.
        is_learned: Weights that nobody wrote, which are no fractions.

    Returns:
        The filter as links carry it, planes separated by `|`, where it was changed since the last
        run; it is as the browser sent it, still to be parsed.
    """
    header: KernelHeader = {
        "locale": browser_locale(),
        "labels": [_label(weight, is_learned) for weight in weights.ravel().tolist()],
        "heard": state.held(_heard(key)),
        "most": MAX_WEIGHT,
        "words": _words(weights.shape),
    }

    def take() -> None:
        state.hold(_heard(key), reported(key))
        on_change()

    renderer("kernel")(key=key, data=pack(header, {"weights": weights}), on_changed_change=take)
    return reported(key)


def reported(key: str) -> str | None:
    """Return the text that the editor reports in this run, or None; for a callback, too."""
    told = sent(key, "changed")
    return told if isinstance(told, str) and len(told) <= MAX_TEXT else None


def _heard(key: str) -> str:
    """Where the last report is kept: the browser waits until it is answered."""
    return f"{key}.heard"


def _label(weight: float, is_learned: bool) -> str:
    """A weight as people write it, without marks for thousands: it is edited and read again."""
    label = number(round(weight, 3)) if is_learned else weight_label(weight)
    return label.replace(separators()[1], "")


def _words(shape: tuple[int, ...]) -> dict[str, Any]:
    return {
        "title": _("Weights"),
        "shape": size(shape),
        "planes": [_("Red"), _("Green"), _("Blue")] if shape[0] == 3 else [],
        "board_label": _(
            "The weights of the filter, size {size}. Arrow keys move between them, Enter takes a "
            "number, Escape gives it up."
        ).format(size=size(shape[1:])),
        "plane_label": _(
            "{plane}: the weights of this plane. Arrow keys move between them, Enter takes a "
            "number, Escape gives it up."
        ),
        "cell": _("Row {row}, column {col}"),
        "plane_cell": _("{plane}, row {row}, column {col}"),
        "brush": _("Paint"),
        "brush_hint": _("Drag over the weights, or press the space bar: each gets the number here"),
        "brush_value": _("Number to paint with"),
        "eraser": _("Erase"),
        "eraser_hint": _("Drag over the weights, or press the space bar: each becomes 0"),
        "enlarge": _("Enlarge"),
        "says": _("Type a number or a fraction like 1/9, or paint."),
        "painting": _("Drag over the weights; the right button makes them 0."),
        "here": _("{cell}: {value}"),
        "refused": _("{cell}: “{text}” is not a number."),
        "too_large": _("{cell}: {text} is too large; a weight may be at most {most}."),
        "brush_refused": _("“{text}” is not a number to paint with; {value} stays."),
        "most": number(int(MAX_WEIGHT)),
    }
