"""The activation functions: names, formulas, what each one does, and what PyTorch calls it.

One table for the lab and for networks; `core.networks.layer_kinds` makes layers of those with an
ONNX operator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnviz.core.messages import N_


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function; computed by `nn.activate`.

    Attributes:
        formula: LaTeX.
        plain: The formula in one line of text, "x" for the input.
        does: One sentence on what it does to a map.
        source: Where it is from.
        module: Its class in `torch.nn`, at PyTorch's defaults.
        call: The expression of a program that applies it to `{x}`.
        keeps_unit: Whether 255 times the input gives 255 times the output.
        operator: Its operator in ONNX, opset 15; empty where no network is built with it.
        attributes: Attributes of that operator, where ONNX has other defaults than PyTorch.
    """

    id: str
    name: str
    formula: str
    plain: str
    does: str
    source: str
    module: str
    call: str
    keeps_unit: bool = False
    operator: str = ""
    attributes: Mapping[str, float] = field(default_factory=dict, hash=False)


LEAK = 0.01
"""Slope of the leaky ReLU below 0 (Maas, Hannun & Ng 2013), PyTorch's default too."""

_ALL = (
    Activation(
        "none", N_("None"), "y = x", "x",
        N_("Leaves the map as it is."),
        N_("The identity"),
        "Identity", "{x}", keeps_unit=True,
    ),
    Activation(
        "relu", "ReLU", r"y = \max(0, x)", "max(0; x)",
        N_("Keeps what the filter found and sets everything negative to 0."),
        "Nair & Hinton 2010",
        "ReLU", "F.relu({x})", keeps_unit=True, operator="Relu",
    ),
    Activation(
        "leaky_relu", "Leaky ReLU", rf"y = \max({LEAK}\,x, x)", f"max({LEAK} · x; x)",
        N_("Keeps what the filter found and lets a hundredth of everything negative through."),
        "Maas, Hannun & Ng 2013",
        "LeakyReLU", f"F.leaky_relu({{x}}, {LEAK})", keeps_unit=True,
    ),
    Activation(
        "elu", "ELU",
        r"y = \begin{cases} x & x > 0 \\ e^x - 1 & x \le 0 \end{cases}",
        "max(0; x) + min(0; e^x − 1)",
        N_("Keeps what is positive and bends what is negative smoothly, down to −1 at most."),
        "Clevert, Unterthiner & Hochreiter 2016, arXiv:1511.07289",
        "ELU", "F.elu({x})",
    ),
    Activation(
        "gelu", "GELU",
        r"y = \dfrac{x}{2} \left(1 + \operatorname{erf} \dfrac{x}{\sqrt{2}}\right)",
        "x / 2 · (1 + erf(x / √2))",
        N_("Weighs each value by how likely a normally distributed number lies below it."),
        "Hendrycks & Gimpel 2016, arXiv:1606.08415",
        "GELU", "F.gelu({x})",
    ),
    Activation(
        "silu", "SiLU", r"y = \dfrac{x}{1 + e^{-x}}", "x / (1 + e^(−x))",
        N_("Weighs each value by its own sigmoid: a ReLU with a soft bend and a shallow dip."),
        "Elfwing, Uchibe & Doya 2018, arXiv:1702.03118",
        "SiLU", "F.silu({x})",
    ),
    Activation(
        "softplus", "Softplus", r"y = \ln(1 + e^x)", "ln(1 + e^x)",
        N_("A ReLU without its corner: always above 0, and ln 2 where the filter found nothing."),
        "Dugas et al. 2001",
        "Softplus", "F.softplus({x})",
    ),
    Activation(
        "sigmoid", N_("Sigmoid"), r"y = \dfrac{1}{1 + e^{-x}}", "1 / (1 + e^(−x))",
        N_("Squeezes every value between 0 and 1; no answer at all becomes ½."),
        N_("The logistic function; Verhulst 1845"),
        "Sigmoid", "torch.sigmoid({x})", operator="Sigmoid",
    ),
    Activation(
        "tanh", "tanh", r"y = \tanh(x)", "(e^x − e^(−x)) / (e^x + e^(−x))",
        N_("Squeezes every value between −1 and 1 and keeps the sign."),
        N_("The hyperbolic tangent"),
        "Tanh", "torch.tanh({x})", operator="Tanh",
    ),
)  # fmt: skip
ACTIVATIONS: dict[str, Activation] = {activation.id: activation for activation in _ALL}
