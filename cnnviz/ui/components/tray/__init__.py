"""The tray: small pictures of what a person brought, to switch between."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.ui.components.wire import pack, renderer
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.pictures.picture import Picture, Tray
from cnnviz.ui.text import _

_KEY = "picture.tray"
_SIDE = 64


def tray(held: Tray, *, current: Picture) -> None:
    """Show the tray, if there is anything in it; a choice takes effect before the next run.

    Args:
        held: The pictures.
        current: The picture in use, which is marked.
    """
    if not held.pictures:
        return
    arrays = {each.digest: _thumbnail(each) for each in held.pictures}
    header = {
        "chosen": current.digest,
        "names": {each.digest: each.name[:80] for each in held.pictures},
        "words": {
            "tray": _("Your pictures"),
            "remove": _("Remove {name} from the tray"),
        },
    }
    renderer("tray")(
        key=_KEY,
        data=pack(header, arrays),
        on_choose_change=_choose,
        on_remove_change=_remove,
    )


def _thumbnail(picture: Picture) -> NDArray[np.uint8]:
    return np.asarray(np.round(prepared.small(picture, _SIDE) * 255), np.uint8)


def _sent(name: str) -> str:
    sent = (st.session_state.get(_KEY) or {}).get(name)
    return sent if isinstance(sent, str) else ""


def _choose() -> None:
    album.choose_in_tray(_sent("choose"))


def _remove() -> None:
    album.set_tray(album.tray().minus(_sent("remove")))
