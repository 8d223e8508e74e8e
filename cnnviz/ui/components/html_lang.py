"""Tells browsers and screen readers which language the page is in; Streamlit says "en"."""

from __future__ import annotations

import streamlit as st

from cnnviz.ui.text import browser_locale

_SET = st.components.v2.component(
    "cnnviz_html_lang",
    js="""
export default function ({ data }) {
  document.documentElement.lang = data.lang
}
""",
)


def set_html_lang() -> None:
    """Set `<html lang>` to the reader's language."""
    _SET(key="app.html_lang", data={"lang": browser_locale()}, height=1)
