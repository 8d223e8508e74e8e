"""Which pixels mattered, as records: maps with their range, and what is wrong with them.

Knows no network and no method's inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import Floats

MethodId = Literal["gradcam", "integrated_gradients", "occlusion"]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to ask which pixels mattered.

    Attributes:
        id: Stable.
        name: For people; translated where it is shown.
        explanation: What a number in its map means.
        source: Who published it.
        needs_layer: Whether it looks at the maps of one convolution.
        is_slow: Whether it takes many passes, so that progress is worth showing.
    """

    id: MethodId
    name: str
    explanation: str
    source: str
    needs_layer: bool = False
    is_slow: bool = False


_ALL = (
    Method(
        "gradcam", N_("Grad-CAM"),
        N_(
            "The maps of one layer, each multiplied by how much the logit grows with it on "
            "average, added up; what would lower the logit counts as 0."
        ),
        "Selvaraju et al., arXiv:1610.02391; Captum, LayerGradCam", needs_layer=True,
    ),
    Method(
        "integrated_gradients", N_("Integrated gradients"),
        N_(
            "How much each pixel adds to the logit on the way from a picture of one grey to this "
            "one. All pixels together come to about the difference of the two logits."
        ),
        "Sundararajan, Taly & Yan, arXiv:1703.01365; Captum, IntegratedGradients", is_slow=True,
    ),
    Method(
        "occlusion", N_("Occlusion"),
        N_(
            "How much the logit falls when a grey square covers a place, averaged over all "
            "squares that cover it."
        ),
        "Zeiler & Fergus, arXiv:1311.2901; Captum, Occlusion", is_slow=True,
    ),
)  # fmt: skip

METHODS: dict[str, Method] = {method.id: method for method in _ALL}


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """How much every place of an input counted for one class.

    Attributes:
        method: A key of `METHODS`.
        network_id: Network that was asked.
        class_idx: Class whose logit the map explains.
        values: (H, W) float32, as large as the input; NaN stays NaN.
        layer: Layer whose maps were used; None where the method has no layer.
        coarse: (h, w) float32: the map as the layer has it, before it was enlarged; None
            where the method has no layer.
    """

    method: MethodId
    network_id: str
    class_idx: int
    values: Floats
    layer: str | None = None
    coarse: Floats | None = None

    @property
    def low(self) -> float:
        """Smallest finite value; 0 where none is finite."""
        return float(self._finite.min()) if self._finite.size else 0.0

    @property
    def high(self) -> float:
        """Largest finite value; 0 where none is finite."""
        return float(self._finite.max()) if self._finite.size else 0.0

    @property
    def is_signed(self) -> bool:
        """Whether some places speak against the class."""
        return self.low < 0

    @property
    def note(self) -> Sentence | None:
        """What is wrong with the map, if anything."""
        if self._finite.size < self.values.size:
            return Sentence("Some values of this map are not numbers; they are left out.")
        if self.low == self.high:
            return Sentence(
                "All values of this map are {value}: it points at no place more than at another.",
                {"value": self.low},
            )
        return None

    @property
    def _finite(self) -> Floats:
        return self.values[np.isfinite(self.values)]


def difference(one: Attribution, other: Attribution) -> Floats:
    """Return one map minus another, (H, W) float32, such as of two classes.

    Raises:
        Explained: the maps come from different methods, layers or networks.
    """
    if (one.method, one.layer, one.network_id) != (other.method, other.layer, other.network_id):
        raise Explained("Only maps of the same method, layer and network can be compared.")
    return one.values - other.values


@dataclass(frozen=True, slots=True, eq=False)
class AdversarialStep:
    """A picture changed a little so that a network errs, and what was changed.

    Attributes:
        image: (3, H, W) float32 in [0, 1].
        difference: `image` minus the picture before: at most `size` up or down.
        size: Largest change, in units of the whole range of a pixel.
        class_idx: The class it leads away from, or towards.
        is_towards: Which of the two.
    """

    image: Floats
    difference: Floats
    size: float
    class_idx: int
    is_towards: bool
