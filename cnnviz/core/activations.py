"""The activation functions on offer: names, formulas and what each one does, for people."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.messages import N_


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function; computed by `nn.activate`.

    Attributes:
        formula: LaTeX.
        does: One sentence on what it does to a map.
        keeps_unit: Whether 255 times the input gives 255 times the output.
    """

    id: str
    name: str
    formula: str
    does: str
    keeps_unit: bool = False


_ALL = (
    Activation("none", N_("None"), "y = x", N_("Leaves the map as it is."), True),
    Activation(
        "relu",
        "ReLU",
        r"y = \max(0, x)",
        N_("Keeps what the filter found and sets everything negative to 0."),
        True,
    ),
    Activation(
        "sigmoid",
        N_("Sigmoid"),
        r"y = \dfrac{1}{1 + e^{-x}}",
        N_("Squeezes every value between 0 and 1; no answer at all becomes ½."),
    ),
    Activation(
        "tanh",
        "tanh",
        r"y = \tanh(x)",
        N_("Squeezes every value between −1 and 1 and keeps the sign."),
    ),
)
ACTIVATIONS: dict[str, Activation] = {activation.id: activation for activation in _ALL}
