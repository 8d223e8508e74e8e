"""Edits as text, as links carry them: `rotate:-5;crop:3,4,20,20;invert`. Nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.edits import KINDS, Edit

MAX_EDITS = 60
MAX_TEXT = 2_000
"""Characters: 60 of the longest edits have fewer."""

_NUMBER = re.compile(r"-?\d{1,4}(?P<fraction>\.\d{1,20})?(?P<power>e-?\d{1,3})?", re.ASCII)

_TOO_LONG = N_(
    "The text of the steps has {length} characters, more than the {limit} that are read."
)
_TOO_MANY = N_("A link carries at most {limit} steps, not {count}.")
_NO_KIND = N_("Step {step}: there is no “{word}”; there are {allowed}.")
_WRONG_NUMBERS = N_("Step {step}: “{text}” has numbers that are wrong, missing or too many.")


def format_edits(edits: Iterable[Edit]) -> str:
    """Write edits as links carry them; `parse_edits` gives the same edits back.

    Raises:
        Explained: there are more of them than a link carries.
    """
    listed = tuple(edits)
    _check_count(len(listed))
    return ";".join(map(_format, listed))


def _format(edit: Edit) -> str:
    word = next(word for word, kind in KINDS.items() if type(edit) is kind)
    numbers: list[float] = []
    for value in astuple(edit):
        numbers.extend(value if isinstance(value, tuple) else (value,))
    listed = ",".join(repr(number).removesuffix(".0") for number in numbers)
    return f"{word}:{listed}" if listed else word


def parse_edits(text: str) -> tuple[Edit, ...]:
    """Read edits from a link: words of `KINDS` with their numbers, separated by `;`.

    Raises:
        Explained: naming the step that cannot be read.
    """
    if not text:
        return ()
    if len(text) > MAX_TEXT:
        raise Explained(_TOO_LONG, length=len(text), limit=MAX_TEXT)
    parts = text.split(";")
    _check_count(len(parts))
    return tuple(_parse(part, step) for step, part in enumerate(parts, 1))


def _check_count(count: int) -> None:
    if count > MAX_EDITS:
        raise Explained(_TOO_MANY, limit=MAX_EDITS, count=count)


def _parse(part: str, step: int) -> Edit:
    word, colon, listed = part.partition(":")
    if word not in KINDS:
        raise Explained(_NO_KIND, step=step, word=word[:20], allowed=", ".join(KINDS))
    numbers = [_number(each) for each in listed.split(",")] if colon else []
    try:
        if None in numbers:
            raise TypeError
        return _build(KINDS[word], numbers)
    except (Explained, TypeError) as error:  # TypeError: too many numbers, or too few
        raise Explained(_WRONG_NUMBERS, step=step, text=part[:40]) from error


def _number(text: str) -> int | float | None:
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    return float(text) if match["fraction"] or match["power"] else int(text)


def _build(kind: type[Edit], numbers: list[Any]) -> Edit:
    """Make an edit; a tuple in its last place takes all numbers that are left."""
    places = fields(kind)
    if places and str(places[-1].type).startswith("tuple"):
        numbers = [*numbers[: len(places) - 1], tuple(numbers[len(places) - 1 :])]
    return kind(*numbers)
