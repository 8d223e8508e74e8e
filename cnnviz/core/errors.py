"""Errors that explain themselves, in any language. Knows no catalogue and no page."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message for the catalogues; the translation happens in `ui`."""
    return message


class Explained(ValueError):
    """A refusal that a person can act on: one sentence with the numbers in it.

    Attributes:
        message: The English sentence with `{name}` fields: the id in the catalogues.
        numbers: The values of those fields, as given (int, float or str).
    """

    def __init__(self, message: str, **numbers: int | float | str) -> None:
        self.message = message
        self.numbers = numbers
        super().__init__(message.format(**numbers))
