"""The tray: small pictures of what a person brought, to switch between."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from cnnviz.ui.components.wire import pack, renderer, sent
from cnnviz.ui.text import _


def tray(
    pictures: Mapping[str, tuple[str, NDArray[np.uint8]]],
    *,
    key: str,
    chosen: str,
    on_choose: Callable[[str], None],
    on_remove: Callable[[str], None],
) -> None:
    """Show small pictures.

    Args:
        pictures: id → (name, its levels (C, H, W)).
        key: Key of the mounted component.
        chosen: The id that is marked; none of them marks none.
        on_choose: Called with an id before the next run, whether it is known or not.
        on_remove: Called with an id before the next run, whether it is known or not.
    """
    header = {
        "chosen": chosen,
        "names": {each: name for each, (name, _levels) in pictures.items()},
        "words": {
            "tray": _("Your pictures"),
            "remove": _("Remove {name} from the tray"),
        },
    }

    def report(name: str, act: Callable[[str], None]) -> None:
        told = sent(key, name)
        if isinstance(told, str):
            act(told)

    renderer("tray")(
        key=key,
        data=pack(header, {each: levels for each, (_name, levels) in pictures.items()}),
        on_choose_change=lambda: report("choose", on_choose),
        on_remove_change=lambda: report("remove", on_remove),
    )
