"""Names of ImageNet's 1,000 classes and COCO's 80, in English and Portuguese; which look alike.

Sources of the English names and their order: the class list of ILSVRC 2012 (Russakovsky et al.,
arXiv:1409.0575) and that of COCO (Lin et al., arXiv:1405.0312), as torchvision's weights carry
them. The translations are this project's own; of ImageNet, the classes of everyday life.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cnnviz.core.messages import N_, finds

_TRANSLATED = {"pt_BR": "imagenet_pt.json"}
_COCO = "coco_pt.json"
"""English name → Portuguese name, in the order of the numbers."""
COCO_COUNT = 91
"""Numbers that a detector tells apart: 1 to 90, and 0 for the background."""
_UNUSED = frozenset({0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83})


@cache
def class_names(language: str = "en") -> tuple[str, ...]:
    """Return the 1,000 names in the order of the logits; English where a translation lacks.

    Languages are spelled as in the catalogues: "en", "pt_BR". Any other gives English.
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
    """Return the indices of classes with words that begin so, in English or in the language.

    Accents and capitals do not count; no words find all classes.
    """
    names = zip(class_names(), class_names(language), strict=True)
    return tuple(idx for idx, pair in enumerate(names) if finds(words, " ".join(pair)))


@cache
def coco_names(language: str = "en") -> tuple[str, ...]:
    """Return a name a number, from 0 to 90; empty where a number names nothing."""
    table: dict[str, str] = json.loads(_read(_COCO))
    names = iter(table.values() if language == "pt_BR" else table)
    return tuple("" if idx in _UNUSED else next(names) for idx in range(COCO_COUNT))


def _read(file_name: str) -> str:
    return (Path(__file__).parent / file_name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- classes that look alike


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """A pair of things that look alike: what to look for, and the network's classes for them.

    Four are the puzzles of many a lecture. Their photographs are not ours to hand out: people
    bring their own.

    Attributes:
        id: Stable.
        name: For people; translated where it is shown.
        advice: What to look for; translated too.
        known: Classes of ImageNet that the two things are, or come close to.
        samples: Ids of the samples on both sides at first; empty: people bring both.
    """

    id: str
    name: str
    advice: str
    known: tuple[int, ...]
    samples: tuple[str, str] | tuple[()] = ()


_ALL = (
    LookAlikes(
        "round", N_("Coffee or clock"),
        N_(
            "Two round things: a cup, and a wall clock in motion, blurred until hands and figures "
            "are gone. Is the right class still among its five?"
        ),
        (967, 968, 409, 892), ("coffee", "clock"),
    ),
    LookAlikes(
        "labrador", N_("Labrador or fried chicken"),
        N_(
            "Golden-brown, curly, with dark spots. There is no class for fried chicken: whatever "
            "it says to that is wrong, so look at how sure it is. A network that always says "
            "“dog” would be right every second time."
        ),
        (207, 208),
    ),
    LookAlikes(
        "sheepdog", N_("Sheepdog or mop"),
        N_(
            "Long white strands hang down in both. Look for an eye, a nose, a tongue: does the "
            "answer change when you cover it with the grey square of “Try to fool it”?"
        ),
        (228, 229, 840),
    ),
    LookAlikes(
        "bagel", N_("Dog or bagel"),
        N_(
            "A curled-up puppy is round, brown and smooth, like bread. Crop so that only the curve "
            "is left, and see when a dog becomes a bagel."
        ),
        (151, 207, 930, 931),
    ),
    LookAlikes(
        "owl", N_("Apple or owl"),
        N_(
            "A cut apple with two seeds looks like a face. Of apples it knows green ones, of owls "
            "the great grey owl: others have to be something near."
        ),
        (24, 948),
    ),
)  # fmt: skip

LOOK_ALIKES: dict[str, LookAlikes] = {each.id: each for each in _ALL}
"""In display order; the first can be seen without bringing anything."""
