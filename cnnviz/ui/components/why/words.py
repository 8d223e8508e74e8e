"""What is said about a cell's computation: its formula with numbers in it, and its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.networks.certainty import SoftmaxCell
from cnnviz.core.networks.explanations import BatchNormNumbers, Cell, Explanation, NormalizeNumbers
from cnnviz.ui.text import _, number, percent, power

_CURVES = {"relu6": "min(max(0; x); 6)", "hardswish": "x · min(max(0; x + 3); 6) / 6"}
MOST_TERMS = 8
"""Terms of each sign; the rest of a long sum is one term."""


class Term(TypedDict):
    """One term of a sum: its name, its arithmetic, and what it adds, for the bar.

    It comes from a cell, as `Asked`, or from none; the one that decides is marked.
    """

    name: str
    text: str
    size: float
    cell: dict[str, Any] | None
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words: the number that is asked about, and how such a number is made.

    `total` stands before the value at the end, with its equals sign. Windows have no terms: they
    are shown as boards. A note is one more sentence, or empty.
    """

    value: str
    formula: str
    total: str
    terms: tuple[Term, ...] = ()
    note: str = ""


def _term(
    name: str,
    text: str,
    size: float,
    layer: str = "",
    cell: Cell | None = None,
    *,
    is_marked: bool = False,
) -> Term:
    asked = {"layer": layer, **cell._asdict()} if cell else None
    return {"name": name, "text": text, "size": size, "cell": asked, "is_marked": is_marked}


def of_layer(answer: Explanation) -> Said:
    """Return what is said about a cell of a layer."""
    value = number(answer.value)
    if answer.kind == "input":
        level = number(answer.value * 255, 2)
        text = _("A pixel of the picture: {level} of 255. Here the way back ends.")
        return Said(value, "", f"{level} / 255 = ", note=text.format(level=level))
    if answer.kind == "block":
        text = _(
            "Made by the layers before, which are not shown one by one. Here the way back ends."
        )
        return Said(value, "", "", note=text)
    if answer.kind == "conv":
        return _conv(answer, value)
    if answer.kind in ("maxpool", "avgpool"):
        return _pooled(answer, value)
    if answer.kind == "linear":
        return _linear(answer, value)
    return _step(answer, value)


def of_softmax(answer: SoftmaxCell, labels: Sequence[str], end: str) -> Said:
    """Return what is said about a probability."""
    largest, total = number(answer.largest, 2), number(answer.total, 4)
    if 0 < answer.total - 1 < 1e-3:
        total = f"(1 + {power(answer.total - 1)})"
    rows = tuple(
        _term(
            label,
            f"e^({number(float(logit), 2)} − {largest}) = {power(float(exponential))}",
            float(exponential),
            end,
            Cell(index, 0, 0),
            is_marked=index == answer.class_idx,
        )
        for index, (label, logit, exponential) in enumerate(
            zip(labels, answer.logits, answer.exponentials, strict=True)
        )
    )
    exponential = power(float(answer.exponentials[answer.class_idx]))
    return Said(
        _nearly(answer.value),
        _("softmax: e^(logit − largest logit), divided by the sum of all of them"),
        f"{exponential} / {total} = ",
        rows,
        _("A share of a sum: if one class gains, the others lose."),
    )


def _nearly(share: float) -> str:
    """A probability in percent; only what is certain is called 100 %."""
    digits = next((n for n in range(2, 12) if round(share, n + 2) < 1), 2)
    return percent(share, digits)


def _conv(answer: Explanation, value: str) -> Said:
    sums = " + ".join(_signed(number(float(total))) for total in answer.channel_sums)
    total = _("{sums} + bias {bias} = ").format(sums=sums, bias=_signed(number(answer.bias)))
    return Said(value, _dot_product(answer), total)


def _dot_product(answer: Explanation) -> str:
    formula = _("{count} numbers × {count} weights, summed, + bias: wᵀx + b")
    return formula.format(count=number(answer.inputs.size))


def _pooled(answer: Explanation, value: str) -> Said:
    if answer.kind == "maxpool":
        largest = _("The largest of {count} numbers").format(count=number(answer.inputs.size))
        return Said(value, largest, "max = ")
    divisor = number(getattr(answer.numbers, "divisor", 1.0))
    return Said(value, _("The mean: their sum, divided by {divisor}").format(divisor=divisor), "= ")


def _linear(answer: Explanation, value: str) -> Said:
    found = answer.largest(MOST_TERMS)
    rows = [
        _term(
            _("value {index}").format(index=term.source.channel if term.source else ""),
            f"{number(term.input)} × {_signed(number(term.weight))} = {number(term.term)}",
            term.term,
            answer.before,
            term.source,
        )
        for term in (*found.positive, *found.negative[::-1])
    ]
    if found.rest_count:
        name = _("{count} others together").format(count=number(found.rest_count))
        rows.append(_term(name, number(found.rest), found.rest))
    rows.append(_term(_("bias"), number(answer.bias), answer.bias))
    return Said(value, _dot_product(answer), _("All together = "), tuple(rows))


def _step(answer: Explanation, value: str) -> Said:
    """One number in, one number out."""
    given, cell = float(answer.inputs.flat[0]), answer.source(0)
    text = number(given)
    place = _("map {channel}, row {row}, column {col}").format(**cell._asdict()) if cell else ""
    row = _term(place, text, given, answer.before, cell)
    numbers = answer.numbers
    formula, total, note = _("The value stays as it is"), "= ", ""
    if isinstance(numbers, NormalizeNumbers):
        formula = _("(pixel − mean) / standard deviation, both of the training pictures")
        total = f"({text} − {number(numbers.mean, 4)}) / {number(numbers.std, 4)} = "
    elif isinstance(numbers, BatchNormNumbers):
        formula = _("(x − mean) / √(variance + ε) · γ + β")
        total = (
            f"({text} − {_signed(number(numbers.mean, 4))}) / √({number(numbers.var, 4)} + "
            f"{number(numbers.eps, 5)}) · {_signed(number(numbers.gamma, 4))} + "
            f"{_signed(number(numbers.beta, 4))} = "
        )
    elif answer.kind == "relu":
        formula, total = "ReLU(x) = max(0, x)", f"max(0; {text}) = "
        if given < 0:
            note = _("Negative, so it is cut to 0: from here on nobody knows how negative it was.")
    elif answer.kind in ACTIVATIONS or answer.kind in _CURVES:
        formula = _CURVES.get(answer.kind) or ACTIVATIONS[answer.kind].plain
        total = f"{answer.kind}({text}) = "
    elif answer.kind == "flatten":
        formula = _("The maps in one row: the value stays as it is")
    return Said(value, formula, total, (row,), note)


def _signed(text: str) -> str:
    """A number behind a sign: in brackets where it has one itself."""
    return f"({text})" if text.startswith("−") else text
