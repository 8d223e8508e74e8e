"""When an answer should not be believed, and why: asked on every page that shows one.

A network names whatever it is shown, often with 99 %. What the picture says against it comes
first, then what the network itself says. Knows no page.
"""

from __future__ import annotations

import numpy as np

from cnnviz.core.messages import N_, Sentence
from cnnviz.core.networks.certainty import softmax
from cnnviz.core.pictures.data_sets import is_digits
from cnnviz.core.pictures.network_inputs import odd_picture
from cnnviz.core.records import Floats

SURE, SURE_OF_PHOTOGRAPH = 0.75, 0.95
"""A digit that gets less is doubted. The shipped network gives less than 75 % to 38 of MNIST's
10,000 test digits; of the 48 that it reads wrongly, 21 are among them. Photographs are harder."""
FEW = 3
"""A picture that takes more steps to be made ready than a crop, a size and a place is a photograph,
or a drawing on paper."""


def doubt(
    image: Floats, dataset: str, logits: Floats, *, noticed: Sentence | None = None, steps: int = 0
) -> Sentence | None:
    """Say why the answer to a picture means little; None where nothing speaks against it.

    Args:
        image: (C, H, W) float32 in [0, 1], as the network takes it.
        dataset: Id of the network's data set; only networks of digits are asked all of this.
        logits: (classes,) float32, what the network says of it.
        noticed: What was noticed when the picture was prepared; see `digits.Prepared`.
        steps: How many it took.
    """
    odd = odd_picture(image, expects_digit=is_digits(dataset))
    if odd or noticed or not is_digits(dataset):
        return odd or noticed
    return _hesitates(logits, SURE_OF_PHOTOGRAPH if steps > FEW else SURE)


def _hesitates(logits: Floats, sure: float) -> Sentence | None:
    """Say that two digits are about as likely, with their probabilities."""
    probabilities = softmax(logits)
    second, first = np.argsort(probabilities)[-2:]
    if probabilities[first] >= sure:
        return None
    sentence = N_(
        "The network is not sure: it gives {first} only {percent} %, and {second} gets {other} %."
    )
    percent, other = (round(100 * float(probabilities[each])) for each in (first, second))
    numbers = {"first": int(first), "second": int(second), "percent": percent, "other": other}
    return Sentence(sentence, numbers)
