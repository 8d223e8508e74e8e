"""Six small tasks: make this output. Each is checked by what came out, so any right way counts.

Knows no torch: whoever asks computes the map with the reader's filter and hands it over. Adding a
task means adding one entry to `CHALLENGES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cnnviz.core.lab import targets
from cnnviz.core.lab.map_checks import Attempt, Verdict, halves_size, is_upright, keeps_size, sees
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.core.samples import draw_sample


@dataclass(frozen=True, slots=True)
class Challenge:
    """A task for the filter of the lab.

    Attributes:
        id: Stable name in links.
        title: For people; translated in `ui`, as the other words are.
        task: What is to be done.
        hints: Two; the second says more.
        draw: Makes the picture, (1, H, W) float32 in [0, 1].
        judge: Says whether an attempt on that picture is right.
        target: Makes the map that is asked for, (oH, oW), where there is a single one.
    """

    id: str
    title: str
    task: str
    hints: tuple[str, str]
    draw: Callable[[], Floats]
    judge: Callable[[Attempt], Verdict]
    target: Callable[[], Floats] | None = None


_ALL = (
    Challenge(
        "shift",
        N_("Move the picture"),
        N_("Find the filter that moves the picture 2 pixels to the right and keeps its size."),
        (
            N_("A cell of the map must copy a pixel that lies 2 columns to its left."),
            N_(
                "A single 1 among zeros copies the pixel under it. Put it 2 columns left of the "
                "middle of a 5 × 5 filter, and pad by 2."
            ),
        ),
        targets.digit,
        lambda attempt: targets.is_shifted(targets.shifted(), attempt),
        targets.shifted,
    ),
    Challenge(
        "stamp",
        N_("Turn dots into corners"),
        N_("Find the 3 × 3 filter that stamps a corner in place of every dot, as in the target."),
        (
            N_("A dot is multiplied by one weight at a time: the map shows the filter itself."),
            N_(
                "The window below right of the dot meets it with its weight above left. So the "
                "filter is the stamp turned by 180°; pad by 1."
            ),
        ),
        targets.dots,
        lambda attempt: targets.is_stamped(targets.stamped(), attempt),
        targets.stamped,
    ),
    Challenge(
        "keep",
        N_("Keep the size"),
        N_("With a filter of 5 × 5, make a map of exactly as many cells as the picture."),
        (
            N_("Without padding, how many places are there for a window of 5 in a row of 28?"),
            N_("4 rows and 4 columns are missing: 2 on each side."),
        ),
        partial(draw_sample, "digit-3"),
        partial(keeps_size, 5),
    ),
    Challenge(
        "halve",
        N_("Halve the size"),
        N_("Make a map of 14 × 14 out of 28 × 28 pixels, with any filter."),
        (
            N_("The stride decides how many places the window leaves out."),
            N_("With a stride of 2, a 3 × 3 filter stops at 13 places; padding adds one more."),
        ),
        partial(draw_sample, "digit-8"),
        halves_size,
    ),
    Challenge(
        "upright",
        N_("Upright strokes only"),
        N_(
            "Make the upright stroke answer more than 3 times as much as any other: compare the "
            "largest values in the four quarters of the map."
        ),
        (
            N_(
                "A stroke is bright in the middle and dark on both sides: −1 2 −1 in every row "
                "answers to that, and hardly to a stroke across."
            ),
            N_(
                "3 rows give exactly 3 times as much. The taller the filter, the more of the "
                "upright stroke it gathers; a negative bias takes the same from every answer."
            ),
        ),
        targets.strokes,
        is_upright,
    ),
    Challenge(
        "field",
        N_("See 7 × 7 pixels"),
        N_(
            "Behind your 3 × 3 filter stands another one of 3 × 3. Make each of its cells see "
            "7 × 7 pixels of the picture, instead of 5 × 5."
        ),
        (
            N_("The second filter looks at 3 × 3 cells of your map. How far apart are these?"),
            N_("Either the window moves further at a time, or its cells lie further apart."),
        ),
        partial(draw_sample, "circle"),
        partial(sees, 7),
    ),
)
CHALLENGES: dict[str, Challenge] = {challenge.id: challenge for challenge in _ALL}
