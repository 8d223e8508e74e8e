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

SURE = 0.8
"""A digit that gets less is doubted. The shipped network gives less to 50 of MNIST's 10,000 test
digits; of the 48 that it reads wrongly, 24 are among them."""


def doubt(image: Floats, dataset: str, logits: Floats) -> Sentence | None:
    """Say why the answer to a picture means little; None where nothing speaks against it.

    Args:
        image: (C, H, W) float32 in [0, 1], as the network takes it.
        dataset: Id of the network's data set; only networks of digits are asked all of this.
        logits: (classes,) float32, what the network says of it.
    """
    odd = odd_picture(image, expects_digit=is_digits(dataset))
    return odd or (_hesitates(logits) if is_digits(dataset) else None)


def _hesitates(logits: Floats) -> Sentence | None:
    """Say that two digits are about as likely, with their probabilities."""
    probabilities = softmax(logits)
    second, first = np.argsort(probabilities)[-2:]
    if probabilities[first] >= SURE:
        return None
    sentence = N_(
        "The network is not sure: it gives {first} only {percent} %, and {second} gets {other} %."
    )
    percent, other = (round(100 * float(probabilities[each])) for each in (first, second))
    numbers = {"first": int(first), "second": int(second), "percent": percent, "other": other}
    return Sentence(sentence, numbers)
