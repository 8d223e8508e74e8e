"""What page and browser must tell each other: the language, and the appearance in force.

Streamlit leaves `<html lang>` at "en", and says nothing to the server when a reader switches
between light and dark; charts drawn there would keep the colours of before.
"""

from __future__ import annotations

import streamlit as st

from cnnviz.ui import state
from cnnviz.ui.text import browser_locale

_AGREE = st.components.v2.component(
    "cnnviz_browser",
    html="<i></i>",
    js="""
export default function ({ data, parentElement, setStateValue }) {
  document.documentElement.lang = data.lang
  const probe = parentElement.querySelector("i")
  probe.style.color = "var(--st-background-color)"
  const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number)
  const appearance = 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light"
  if (appearance !== data.appearance) setStateValue("appearance", appearance)
}
""",
)


def agree_with_browser() -> None:
    """Set `<html lang>`, and start over when the browser's appearance is not the one assumed."""
    _AGREE(
        key=state.BROWSER_KEY,
        data={"lang": browser_locale(), "appearance": state.appearance()},
        height=1,
        on_appearance_change=lambda: None,
    )
