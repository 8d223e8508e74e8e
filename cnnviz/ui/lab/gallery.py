"""Finding a filter by what it does: words in, filters out, a click takes one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnnviz.core.kernels import FAMILIES, find_kernels
from cnnviz.ui.text import _

_FOLD_KEY = "gallery.fold"
_QUERY_KEY = "gallery.query"


def gallery(take: Callable[[str], None]) -> None:
    """Draw the fold with the search.

    Args:
        take: Is given the id of the filter that was clicked, before the page runs.
    """
    fold = st.popover(
        _("Find a filter"), key=_FOLD_KEY, on_change="rerun", icon=":material/search:"
    )
    if not fold.open:
        return
    with fold:
        query = st.text_input(
            _("What should it do?"),
            key=_QUERY_KEY,
            max_chars=80,
            placeholder=_("blur, edges, lines, texture …"),
        )
        found = find_kernels(query, _)
        if not found:
            st.caption(_("No filter does that, in these words."))
        for kernel in found:
            family = _(FAMILIES[kernel.family])
            st.button(
                f"{_(kernel.name)} · {family}",
                key=f"gallery.take.{kernel.id}",
                help=_(kernel.detects),
                type="tertiary",
                on_click=take,
                args=(kernel.id,),
            )
