"""Names of ImageNet's 1,000 classes and COCO's 80, in English and, where translated, Portuguese.

Sources of the English names and their order: the class list of ILSVRC 2012 (Russakovsky et al.,
arXiv:1409.0575) and that of COCO (Lin et al., arXiv:1405.0312), as torchvision's weights carry
them. The translations are this project's own; of ImageNet, the classes of everyday life.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cnnviz.core.messages import finds

_TRANSLATED = {"pt_BR": "imagenet_pt.json"}
_COCO = "coco_pt.json"
"""English name → Portuguese name, in the order of the numbers."""
COCO_COUNT = 91
"""Numbers that a detector tells apart: 1 to 90, and 0 for the background."""
_UNUSED = frozenset({0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83})


@cache
def class_names(language: str = "en") -> tuple[str, ...]:
    """Return the 1,000 names in the order of the logits; English where a translation lacks.

    Args:
        language: As in the catalogues: "en", "pt_BR". Any other gives English.
    """
    english: list[str] = json.loads(_read("imagenet_en.json"))
    translations = class_translations(language)
    return tuple(translations.get(name, name) for name in english)


@cache
def class_translations(language: str) -> Mapping[str, str]:
    """Return English name → translation, for the classes that have one; empty for English."""
    if language not in _TRANSLATED:
        return {}
    translations: dict[str, str] = json.loads(_read(_TRANSLATED[language]))
    return translations


def find_classes(words: str, language: str = "en") -> tuple[int, ...]:
    """Return the classes whose name, in English or the language, has words that begin so.

    Args:
        words: Beginnings of words, with or without accents and capitals. Empty: all classes.
        language: As in `class_names`.

    Returns:
        Indices in the order of the logits.
    """
    names = zip(class_names(), class_names(language), strict=True)
    return tuple(idx for idx, pair in enumerate(names) if finds(words, " ".join(pair)))


@cache
def coco_names(language: str = "en") -> tuple[str, ...]:
    """Return a name a number, from 0 to 90; empty where a number names nothing.

    Args:
        language: As in `class_names`.
    """
    table: dict[str, str] = json.loads(_read(_COCO))
    names = iter(table.values() if language == "pt_BR" else table)
    return tuple("" if idx in _UNUSED else next(names) for idx in range(COCO_COUNT))


def _read(file_name: str) -> str:
    return (Path(__file__).parent / file_name).read_text(encoding="utf-8")
