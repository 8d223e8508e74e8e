"""The product with one thing changed; each is a script for `streamlit run`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

import streamlit as st

_APP = Path(__file__).resolve().parents[2] / "app.py"
_PAGES = Path(__file__).resolve().parents[1] / "pages"


@cache
def _code() -> CodeType:
    return compile(_APP.read_text(encoding="utf-8"), _APP, "exec")


def run_app() -> None:
    """Run the product's `app.py`, as Streamlit does with the script that it was given."""
    exec(_code(), {"__name__": "__main__", "__file__": str(_APP)})


def pages_with(own: Callable[[], list[st.Page]], name: str) -> list[st.Page]:
    """Return the product's pages and one of ours, at `/name`."""
    return [*own(), st.Page(_PAGES / f"{name}.py", title=name, url_path=name)]
