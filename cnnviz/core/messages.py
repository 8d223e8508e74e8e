"""Sentences with numbers in them, and the search for words, in any language.

Knows no catalogue and no page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

Number = int | float | str


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message for the catalogues; the translation happens in `ui`."""
    return message


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence with its numbers, translated where it is shown.

    Attributes:
        message: The English sentence with `{name}` fields: the id in the catalogues.
        numbers: The values of those fields.
    """

    message: str
    numbers: Mapping[str, Number] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.numbers)


class Explained(ValueError):
    """A refusal that a person can act on: one sentence with the numbers in it.

    Attributes:
        message: As in `Sentence`; `str()` of the error is the English sentence.
        numbers: As in `Sentence`.
    """

    def __init__(self, message: str, **numbers: Number) -> None:
        self.message = message
        self.numbers = numbers
        super().__init__(message.format(**numbers))


def finds(query: str, text: str) -> bool:
    """Return whether every word of a query begins a word of a text.

    Capitals and accents do not count; a query without words finds everything.
    """
    words = _plain_words(text)
    return all(any(word.startswith(each) for word in words) for each in _plain_words(query))


def _plain_words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in bare).split()
