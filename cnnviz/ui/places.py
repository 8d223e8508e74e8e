"""Where `app.py` and the pages lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = _PACKAGE / "site"
"""Where `pyproject.toml` puts them in a wheel, with the settings in `.streamlit` beside them."""

SITE = _INSTALLED if (_INSTALLED / "app.py").is_file() else _PACKAGE.parent
