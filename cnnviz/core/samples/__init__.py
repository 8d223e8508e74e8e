"""The pictures that come along: digits and patterns of our own making, photographs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.images import load_image
from cnnviz.core.records import Floats
from cnnviz.core.samples import drawings
from cnnviz.core.samples.strokes import write_digit

Kind = Literal["digit", "clothing", "pattern", "photograph"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture to start from.

    Attributes:
        id: As in links (`picture=<id>`); stable.
        name: For people; translated where it is shown.
        kind: A digit (what the `mnist` network reads), a piece of clothing (`fashion`), a pattern
            (what shows a filter's work) or a photograph.
        draw: Makes the picture: (C, H, W) float32 in [0, 1], multiples of 1/255.
        credit: Whose photograph it is, and its licence; empty for our own.
    """

    id: str
    name: str
    kind: Kind
    draw: Callable[[], Floats]
    credit: str = ""


def draw_sample(sample_id: str) -> Floats:
    """Draw a sample anew.

    Returns:
        (C, H, W) float32 in [0, 1], C = 1 or 3, multiples of 1/255; yours to change.

    Raises:
        LookupError: no sample has this id; it names those there are.
        Explained: a photograph that is not installed.
    """
    for sample in SAMPLES:
        if sample.id == sample_id:
            return sample.draw()
    raise LookupError(f"no sample {sample_id!r}; there are {[sample.id for sample in SAMPLES]}")


def read_photograph(file_name: str) -> Floats:
    """Read a picture in `skimage/data`, such as `chelsea.png`, without importing the package.

    Returns:
        (C, H, W) float32 in [0, 1], as `load_image` gives it.

    Raises:
        Explained: scikit-image is not installed, or comes without this file.
    """
    package = find_spec("skimage")  # looks for the folder and runs nothing in it
    folder = Path(package.origin).parent / "data" if package and package.origin else None
    if folder is None or not (folder / file_name).is_file():
        raise Explained(
            "The photograph “{name}” comes with scikit-image, which is not installed here.",
            name=file_name,
        )
    return load_image((folder / file_name).read_bytes())


def _photograph(sample_id: str, name: str, file_name: str, credit: str) -> Sample:
    return Sample(sample_id, name, "photograph", partial(read_photograph, file_name), credit)


# Credits as in skimage.data's own documentation of each picture.
SAMPLES: tuple[Sample, ...] = (
    Sample("digit-0", N_("Digit 0"), "digit", partial(write_digit, 0)),
    Sample("digit-1", N_("Digit 1"), "digit", partial(write_digit, 1)),
    Sample("digit-2", N_("Digit 2"), "digit", partial(write_digit, 2)),
    Sample("digit-3", N_("Digit 3"), "digit", partial(write_digit, 3)),
    Sample("digit-4", N_("Digit 4"), "digit", partial(write_digit, 4)),
    Sample("digit-5", N_("Digit 5"), "digit", partial(write_digit, 5)),
    Sample("digit-6", N_("Digit 6"), "digit", partial(write_digit, 6)),
    Sample("digit-7", N_("Digit 7"), "digit", partial(write_digit, 7)),
    Sample("digit-8", N_("Digit 8"), "digit", partial(write_digit, 8)),
    Sample("digit-9", N_("Digit 9"), "digit", partial(write_digit, 9)),
    Sample("t-shirt", N_("T-shirt"), "clothing", partial(drawings.clothes, "t-shirt")),
    Sample("trousers", N_("Trousers"), "clothing", partial(drawings.clothes, "trousers")),
    Sample("dress", N_("Dress"), "clothing", partial(drawings.clothes, "dress")),
    Sample("bag", N_("Bag"), "clothing", partial(drawings.clothes, "bag")),
    Sample("ankle-boot", N_("Ankle boot"), "clothing", partial(drawings.clothes, "ankle-boot")),
    Sample("edges", N_("Edges"), "pattern", drawings.edges),
    Sample("stripes", N_("Stripes"), "pattern", drawings.stripes),
    Sample("checkerboard", N_("Checkerboard"), "pattern", drawings.checkerboard),
    Sample("circle", N_("Circle and ring"), "pattern", drawings.circle),
    Sample("gradient", N_("Ramp and steps"), "pattern", drawings.gradient),
    Sample("colour", N_("Red, green and blue light"), "pattern", drawings.colour),
    _photograph("cat", N_("Cat"), "chelsea.png", "Chelsea, Stéfan van der Walt, CC0"),
    _photograph("coffee", N_("Coffee"), "coffee.png", "Rachel Michetti, Pikolo Espresso Bar, CC0"),
    _photograph(
        "astronaut", N_("Astronaut"), "astronaut.png", "Eileen Collins, NASA, public domain"
    ),
    _photograph("camera", N_("Cameraman"), "camera.png", "Lav Varshney, CC0"),
    _photograph("rocket", N_("Rocket"), "rocket.jpg", "Falcon 9, SpaceX, public domain"),
    _photograph("clock", N_("Clock"), "clock_motion.png", "Stéfan van der Walt, public domain"),
    _photograph("brick", N_("Brick wall"), "brick.png", "CC0Textures, CC0"),
    _photograph("grass", N_("Grass"), "grass.png", "linolafett, CC0"),
    _photograph("retina", N_("Retina"), "retina.jpg", "Mikael Häggström, CC0"),
    _photograph("galaxies", N_("Galaxies"), "hubble_deep_field.jpg", "Hubble, NASA, public domain"),
)
"""In the order in which they are shown."""

DEFAULT_SAMPLE = "digit-7"
