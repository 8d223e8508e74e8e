"""The filters of the gallery, and the search among them.

A filter is applied as PyTorch applies it, without flipping (cross-correlation). Adding one means
adding one entry to the table of its families: `SMOOTH`, `EDGES` or `PATTERNS`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from cnnviz.core.kernels.edges import EDGES
from cnnviz.core.kernels.patterns import PATTERNS
from cnnviz.core.kernels.smooth import SMOOTH
from cnnviz.core.kernels.spec import FAMILIES, LARGEST, Kernel, Parameter

__all__ = [
    "DEFAULT_KERNEL",
    "FAMILIES",
    "KERNELS",
    "LARGEST",
    "SIZES",
    "Kernel",
    "Parameter",
    "find_kernels",
]

SIZES = (1, 3, 5, 7, 9, 11)
"""Sizes with a centre, which every filter has from its `least` on."""

KERNELS: dict[str, Kernel] = {each.id: each for each in (*SMOOTH, *EDGES, *PATTERNS)}
DEFAULT_KERNEL = "sobel-x"


def find_kernels(query: str, translate: Callable[[str], str] = str) -> tuple[Kernel, ...]:
    """Return the filters in which every word of `query` begins a word, in display order.

    Read are name, family and what the filter detects; capitals and accents do not count.

    Args:
        query: Words of the reader; none find every filter.
        translate: English → the reader's language.
    """
    wanted = _plain(query)
    return tuple(
        kernel
        for kernel in KERNELS.values()
        if all(any(word.startswith(each) for word in _words(kernel, translate)) for each in wanted)
    )


def _words(kernel: Kernel, translate: Callable[[str], str]) -> list[str]:
    texts = kernel.name, FAMILIES[kernel.family], kernel.detects
    return _plain(" ".join(translate(text) for text in texts))


def _plain(text: str) -> list[str]:
    """Words in small letters without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare.casefold()).split()
