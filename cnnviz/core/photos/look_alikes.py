"""Pairs of things that look alike: what to look for, and which classes a network has for them.

Four are the puzzles of many a lecture. Their photographs are not ours to hand out: people bring
their own. Knows no network.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.messages import N_


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """A puzzle.

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
