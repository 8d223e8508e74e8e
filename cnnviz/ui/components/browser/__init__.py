"""What page and browser must tell each other: language, appearance, history, lost connections.

Streamlit leaves `<html lang>` at "en", says nothing to the server when a reader switches between
light and dark (charts drawn there would keep the colours of before), and makes a step for the
browser's Back of every change of a control.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.ui import state
from cnnviz.ui.components.wire import pack, renderer, writer
from cnnviz.ui.text import _, browser_locale


def write_link(link: Mapping[str, str | None], *, key: str) -> None:
    """Let the browser write parameters into the address.

    Args:
        link: The parameters; None takes one out.
        key: Key of the mounted component.
    """
    writer("address")(key=key, data=dict(link), height=1)


def agree_with_browser() -> None:
    """Set `<html lang>`, and start over when the browser's appearance is not the one assumed."""
    header = {
        "lang": browser_locale(),
        "appearance": state.appearance(),
        "lost": _(
            "The connection to the server is lost. What you see stays; the controls wait until "
            "it is back."
        ),
    }
    renderer("browser")(
        key=state.BROWSER_KEY,
        data=pack(header, {}),
        height=1,
        on_appearance_change=lambda: None,
    )
