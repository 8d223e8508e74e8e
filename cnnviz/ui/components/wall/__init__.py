"""Walls of maps: the stages of a network on one canvas each, as a chain or as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, TypedDict

from cnnviz.ui.components.wall.stages import Kind, Stage, WallStage, described, levels_of, peak_in
from cnnviz.ui.components.wire import pack, renderer, sent
from cnnviz.ui.text import _, browser_locale

__all__ = ["Kind", "Stage", "on_one_scale", "wall"]


class WallHeader(TypedDict):
    """What the browser is told."""

    layout: str
    locale: str
    chosen: dict[str, Any] | None
    stages: list[WallStage]
    words: dict[str, str]


def wall(
    stages: Sequence[Stage],
    *,
    key: str,
    layout: Literal["chain", "wall", "grid"],
    labels: Sequence[str] = (),
    chosen: tuple[str, int] | None = None,
    says: str = "",
    on_choose: Callable[[str, int], None] | None = None,
) -> str | None:
    """Mount a wall; return the page behind the door that was opened since the last run, or None.

    Args:
        stages: From input to answer.
        key: Key of the mounted component.
        layout: "chain" from left to right with arrows, "wall" one row a stage, "grid" cards.
        labels: Names of the classes.
        chosen: (layer, channel) of the map that is marked.
        says: The line below while nothing is pointed at.
        on_choose: Called with (layer, channel) before the next run when a map is chosen.
    """
    header: WallHeader = {
        "layout": layout,
        "locale": browser_locale(),
        "chosen": {"layer": chosen[0], "channel": chosen[1]} if chosen else None,
        "stages": [described(stage, labels) for stage in stages],
        "words": {
            "says": says,
            "map": _("{layer}, map {channel}: values from {low} to {high}."),
            "most": _("+max of each map"),
        },
    }
    arrays = {stage.id: levels_of(stage) for stage in stages if stage.kind != "classes"}

    def choose() -> None:
        chosen = _map(sent(key, "map"), stages)
        if chosen and on_choose:
            on_choose(*chosen)

    result = renderer("wall")(
        key=key, data=pack(header, arrays), on_map_change=choose, on_door_change=lambda: None
    )
    return next((each.door[1] for each in stages if each.door and each.id == result.door), None)


def on_one_scale(stages: Sequence[Stage]) -> list[Stage]:
    """Return stages whose signed maps have one scale, so that their colours can be compared."""
    peak = max((peak_in(stage) for stage in stages if stage.kind == "signed"), default=None)
    return [replace(stage, peak=peak) if stage.kind == "signed" else stage for stage in stages]


def _map(sent: Any, stages: Sequence[Stage]) -> tuple[str, int] | None:
    """The map that the browser names, if there is one."""
    if not isinstance(sent, dict):
        return None
    counts = {stage.id: len(stage.values) for stage in stages}
    layer, channel = sent.get("layer"), sent.get("channel")
    if not isinstance(layer, str) or type(channel) is not int:
        return None
    return (layer, channel) if 0 <= channel < counts.get(layer, 0) else None
