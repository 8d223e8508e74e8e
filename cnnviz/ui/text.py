"""Words and numbers in the reader's language, from one gettext catalogue a translation.

English is the source and needs none: its strings are the ids. The catalogues are read with Babel,
so that no compiled file is needed; numbers take the locale's form.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from math import floor, log10
from pathlib import Path, PurePath

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal, format_percent

from cnnviz.core.files import opened
from cnnviz.core.messages import Explained, Sentence
from cnnviz.ui import state

SOURCE = "en"
LOCALES = Path(__file__).resolve().parents[1] / "locale"
PLACES = ("path", "folder", "place", "data")
"""What sentences call a file or a folder of the server."""


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return English → translation of one language; empty for English, and without a whole file."""
    if language == SOURCE:
        return {}
    path = LOCALES / language / "LC_MESSAGES" / "cnnviz.po"
    try:
        with opened(path) as file:
            return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    except (OSError, ValueError, PoFileError):  # English is better than no page
        return {}


def _(message: str) -> str:
    """Return a message in the reader's language."""
    return catalogue(state.language()).get(message, message)


def say(sentence: Sentence | Explained) -> str:
    """Return a sentence in the reader's language, its numbers in the locale's form."""
    numbers = {
        name: _end_of(name, value) if isinstance(value, str) else number(value)
        for name, value in sentence.numbers.items()
    }
    return _(sentence.message).format(**numbers)


def _end_of(name: str, text: str) -> str:
    """Return a text, but of a place on the server its last two names: no page tells the rest."""
    if name not in PLACES or not PurePath(text).is_absolute():
        return text
    return "/".join(("…", *PurePath(text).parts[-2:]))


def number(value: int | float, digits: int = 3, *, is_fixed: bool = False) -> str:
    """Return a number with at most `digits` decimals, or exactly so many; true minus sign."""
    decimals = ("0" if is_fixed else "#") * digits
    pattern = "#,##0" if isinstance(value, int) else f"#,##0.{decimals}"
    return _formatted(value, pattern, state.language())


def bound(value: float, digits: int = 3) -> str:
    """Return an end of a scale as `number` does, with two digits at least of one that is small."""
    if value:
        digits = max(digits, 1 - floor(log10(abs(value))))
    return number(value, digits)


@lru_cache(maxsize=4096)
def _formatted(value: int | float, pattern: str, language: str) -> str:
    """Pages say the same numbers over and over, and Babel takes its time."""
    text: str = format_decimal(value, pattern, locale=language)
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # what is rounded to 0 has no sign
    return text.replace("-", "−")


def power(value: float) -> str:
    """Return a number as `number` does, a tiny one as a power of ten: 6.1 · 10⁻⁸."""
    if not 0 < abs(value) < 1e-3:
        return number(value)
    exponent = floor(log10(abs(value)))
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{number(value / 10.0**exponent, 1)} · 10{raised}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share in [0, 1] as a percentage."""
    pattern = "#,##0." + "0" * digits + "%"
    return format_percent(share, pattern, locale=state.language())


def separators() -> str:
    """Return the decimal and the thousands mark in one string, as Plotly takes them."""
    marks = Locale.parse(state.language()).number_symbols["latn"]
    return f"{marks['decimal']}{marks['group']}"


def day(iso: str) -> str:
    """Return a date as the reader writes it: Nov 23, 2026; 23 de nov. de 2026."""
    return format_date(date.fromisoformat(iso), "medium", locale=state.language())


def size(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: 8 × 28 × 28."""
    return " × ".join(number(side) for side in shape)


def browser_locale() -> str:
    """Return the reader's language as browsers spell it: pt-BR."""
    return state.language().replace("_", "-")


def distinct(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return id → title with no two titles alike: Streamlit tells options apart by their words."""
    known: dict[str, str] = {}
    for each, title in titles:
        count, name = 1, title
        while name in known.values():
            count += 1
            name = f"{title} ({count})"
        known[each] = name
    return known
