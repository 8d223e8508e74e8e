"""Names of the 80 classes of COCO, in English and, where translated, in other languages.

Source of the English names, their order and their numbers: Lin et al., arXiv:1405.0312, as
torchvision's weights carry them: of the numbers 1 to 90, ten name nothing. The translations are
this project's own.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

COUNT = 91
"""Numbers that a detector tells apart: the 90, and 0 for the background."""
_UNUSED = frozenset({0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83})
_TABLE = "coco_pt.json"
"""English name → Portuguese name, in the order of the numbers."""


@cache
def coco_names(language: str = "en") -> tuple[str, ...]:
    """Return a name a number, from 0 to 90; empty where a number names nothing.

    Args:
        language: As in the catalogues: "en", "pt_BR". Any other gives English.
    """
    table: dict[str, str] = json.loads((Path(__file__).parent / _TABLE).read_text(encoding="utf-8"))
    names = iter(table.values() if language == "pt_BR" else table)
    return tuple("" if idx in _UNUSED else next(names) for idx in range(COUNT))
