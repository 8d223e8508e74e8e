"""Values checked one at a time, and frozen records from and to JSON. Knows no record by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from cnnviz.core.messages import N_, Explained, Number

LONGEST_TEXT = 1_000_000
"""Characters of JSON that are read at most; a card has a few thousand."""


def plain(value: object) -> object:
    """Return the numbers of NumPy and torch as Python's, rows and lists of them as tuples.

    A notebook computes its settings: `np.int64(3)` is as good as 3, but JSON does not know it.
    Whole tables are no setting anywhere, but can be refused only once `==` says one thing of them.
    """
    if hasattr(value, "ndim") and hasattr(value, "tolist"):
        value = value.tolist()
    if type(value) in (list, tuple):
        return tuple(plain(each) for each in value)  # type: ignore[attr-defined]
    return value


def make_plain(record: Any) -> None:
    """Make the numbers of a frozen record Python's own, before its `__post_init__` checks them."""
    for each in fields(record):
        object.__setattr__(record, each.name, plain(getattr(record, each.name)))


def whole(name: str, value: object, low: int, high: int) -> None:
    """Refuse anything but a whole number from `low` to `high`, both included."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        message = N_("“{name}” must be a whole number from {low} to {high}, not {value}.")
        raise _refusal(message, name, value, low=low, high=high)


def real(name: str, value: object, low: float, high: float) -> None:
    """Refuse anything but a number from `low` to `high`, both included; NaN is none."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        message = N_("“{name}” must be a number from {low} to {high}, not {value}.")
        raise _refusal(message, name, value, low=low, high=high)


def flag(name: str, value: object) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool):
        raise _refusal(N_("“{name}” must be True or False, not {value}."), name, value)


def choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse anything but one of the words in `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        message = N_("“{name}” cannot be {value}; it can be {allowed}.")
        raise _refusal(message, name, value, allowed=", ".join(allowed))


def instance(name: str, value: object, *wanted: type) -> None:
    """Refuse anything but a record of one of our own classes."""
    if not isinstance(value, wanted):
        raise Explained(
            N_("“{name}” must be a {wanted}, not {value}."),
            name=name,
            wanted=" / ".join(each.__name__ for each in wanted),
            value=short(value),
        )


def words(name: str, value: object, longest: int = 200) -> None:
    """Refuse anything but a text of 1 to `longest` characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        message = N_("“{name}” must be a text of 1 to {longest} characters, not {value}.")
        raise _refusal(message, name, value, longest=longest)


def many(name: str, value: object, low: int, high: int) -> tuple[Any, ...]:
    """Refuse anything but a tuple of `low` to `high` items; return it."""
    if not isinstance(value, tuple) or not low <= len(value) <= high:
        message = N_("“{name}” must be a list of {low} to {high} items, not {value}.")
        raise _refusal(message, name, value, low=low, high=high)
    return value


def parse(text: str) -> object:
    """Read JSON; lists become tuples.

    Raises:
        Explained: it is no JSON, or longer than `LONGEST_TEXT`.
    """
    if len(text) > LONGEST_TEXT:
        raise Explained(
            "The text has {length} characters; at most {most} are read.",
            length=len(text),
            most=LONGEST_TEXT,
        )
    try:
        value = json.loads(text)
        if "\\u" in text:  # half a pair of these is no character, and no page can show it
            json.dumps(value, ensure_ascii=False).encode()
        return _frozen(value)
    except (ValueError, RecursionError) as error:
        raise Explained("The text is not JSON: {reason}.", reason=short(error)) from error


def entries(data: object, record: type[Any], **added: object) -> dict[str, Any]:
    """Return the arguments that build a record, from a parsed JSON object.

    Args:
        data: What `parse` returned, or a part of it.
        record: The dataclass; it checks its values itself.
        added: Replacements for entries that are records themselves.

    Raises:
        Explained: no object, or one with a key too many or too few; it names the key.
    """
    found = mapping(record.__name__, data)
    known = {each.name: each.default for each in fields(record) if each.init}
    for name in [each for each in found if each not in known]:
        raise Explained("{record} has no entry “{name}”.", record=record.__name__, name=short(name))
    for name, default in known.items():
        if name not in found and default is MISSING:
            raise Explained("{record} lacks its entry “{name}”.", record=record.__name__, name=name)
    return {**found, **added}


def mapping(name: str, data: object) -> Mapping[str, Any]:
    """Refuse anything but a JSON object; return it."""
    if not isinstance(data, Mapping):
        raise _refusal(N_("{name} must be an object with named entries, not {value}."), name, data)
    return data


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return value


def _refusal(message: str, name: str, value: object, **numbers: Number) -> Explained:
    return Explained(message, name=name, value=short(value), **numbers)


def short(value: object) -> str:
    """Keep hostile values from flooding a sentence."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
