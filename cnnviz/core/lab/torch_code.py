"""What is on screen as a PyTorch program that a person can read, run and change.

Settings at PyTorch's own defaults are left out. Knows no torch: the program is text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import fields, replace

import numpy as np

from cnnviz.core.files import exact
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.programs import needs, quoted
from cnnviz.core.records import Floats, Pair

MOST_INLINE = 1100
"""Numbers of a picture that still stand in the program; a digit of 28 × 28 has 784."""

_WIDTH = 100
_IMPORT = "import torch"
_IMPORT_F = "from torch.nn import functional as F"
_IMPORT_FILE = ("import numpy as np", _IMPORT, "from PIL import Image")


def conv_code(
    image: Floats,
    weight: Floats,
    spec: ConvSpec,
    bias: Floats | None,
    *,
    activation: str = "none",
    pooling: PoolSpec | None = None,
    picture_file: str = "picture.png",
) -> str:
    """Return the program that computes `feature_map`, and `output` where something follows.

    Args:
        image: (C, H, W) float32. Up to `MOST_INLINE` numbers stand in the program; a larger
            one is read from `picture_file`, a PNG of the very same levels.
        weight: As `nn.convolve` takes it.
        spec: How the window moves.
        bias: (O,) float32, or None; left out where all are 0.
        activation: Its id, one of `core.ACTIVATIONS`.
        pooling: What follows the activation.
        picture_file: Name of the PNG.

    Raises:
        Explained: a large picture whose numbers are no levels of 8 bits, or an unknown activation.
    """
    imports, picture = _picture(image, picture_file)
    parts = [imports, picture, _table("weight", weight)]
    offset = ""
    if bias is not None and bias.any():
        offset = "bias"
        parts[-1] += "\n" + _filled(f"bias = torch.tensor([{_joined(map(exact, bias))}])", 0)
    parts.append(_convolution(image.shape[-2:], spec, offset) + _shape_of("feature_map"))
    after = _after(activation, pooling)
    if after:
        parts.append("\n".join(after) + _shape_of("output"))
    return "\n\n".join(parts) + "\n"


def pool_code(image: Floats, spec: PoolSpec, *, picture_file: str = "picture.png") -> str:
    """Return the program that pools a picture into `output`; see `conv_code`."""
    imports, picture = _picture(image, picture_file)
    call = _call("output", *_pooling("picture", spec))
    return "\n\n".join([imports, picture, call + _shape_of("output")]) + "\n"


# ---------------------------------------------------------------- numbers


def _picture(image: Floats, picture_file: str) -> tuple[str, str]:
    """The imports of the whole program, and the lines that make `picture`."""
    levels = np.round(image * 255)
    is_levels = levels.min() >= 0 and levels.max() <= 255
    is_levels = is_levels and np.array_equal(levels.astype(np.float32) / np.float32(255), image)
    if image.size <= MOST_INLINE:
        return f"{_head('torch')}{_IMPORT}\n{_IMPORT_F}", (
            _table("picture", levels.astype(np.uint8), " / 255")
            if is_levels
            else _table("picture", image)
        )
    if not is_levels:
        raise Explained(
            "The code can hold {most} numbers; this map has {count}, and they are no levels that "
            "a picture file could keep.",
            most=MOST_INLINE,
            count=image.size,
        )
    order = "[None]" if len(image) == 1 else ".permute(2, 0, 1)"
    imports = _head("torch", "numpy", "pillow") + "\n".join((*_IMPORT_FILE, _IMPORT_F))
    return imports, (
        f"levels = np.array(Image.open({quoted(picture_file)}), dtype=np.float32)\n"
        f"picture = torch.from_numpy(levels){order} / 255  # {_shape(image.shape)}"
    )


def _head(*packages: str) -> str:
    """What has to be installed, as comments."""
    lines = [line for line in needs(*packages).splitlines() if line]
    return "".join(f"# {line}\n" for line in lines) + "\n"


def _table(name: str, values: np.ndarray, tail: str = "") -> str:
    """A tensor as rows of numbers, with its shape after them."""
    rows = values.reshape(-1, values.shape[-1])
    lines = "".join(f"{_row(row)}\n" for row in rows)
    shape = _shape(values.shape)
    return f"{name} = torch.tensor(\n    [\n{lines}    ]\n).reshape{shape}{tail}"


def _row(numbers: np.ndarray) -> str:
    """One row of a table, broken across lines where it is long."""
    texts = map(str, numbers) if numbers.dtype == np.uint8 else map(exact, numbers)
    return _filled(f"[{_joined(texts)}],", 8)


def _filled(text: str, indent: int) -> str:
    """Numbers between brackets, broken across lines below the first of them."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + text.index("[") + 1),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({_joined(map(str, shape))})"


def _shape_of(name: str) -> str:
    return f"\nprint(tuple({name}.shape))"


# ---------------------------------------------------------------- calls


def _convolution(size: Pair, spec: ConvSpec, offset: str) -> str:
    """The call that makes `feature_map`, after a padding that `conv2d` cannot do itself."""
    (top, bottom), (left, right) = spec.pads(size)
    is_padded_apart = (top, left) != (bottom, right) or spec.padding_mode != "zeros"
    lines, source, padding = [], "picture", (top, left)
    if is_padded_apart and any((top, bottom, left, right)):
        mode = "" if spec.padding_mode == "zeros" else f', mode="{spec.padding_mode}"'
        lines.append(f"padded = F.pad(picture, ({left}, {right}, {top}, {bottom}){mode})")
        source = "padded"
    if is_padded_apart:
        padding = (0, 0)
    names = "stride", "padding", "output_padding", "dilation", "groups"
    options = _options(replace(spec, padding=padding), names)
    function = "F.conv_transpose2d" if spec.transposed else "F.conv2d"
    arguments = [source, "weight", *([offset] if offset else []), *options]
    return "\n".join([*lines, _call("feature_map", function, arguments)])


def _after(activation: str, pooling: PoolSpec | None) -> list[str]:
    """The lines that make `output`; none where nothing follows the map."""
    source, lines = "feature_map", []
    if activation != "none":
        if activation not in ACTIVATIONS:
            raise Explained("There is no activation “{value}”.", value=activation)
        lines.append("output = " + ACTIVATIONS[activation].call.format(x=source))
        source = "output"
    if pooling is not None:
        lines.append(_call("output", *_pooling(source, pooling)))
    return lines


def _pooling(source: str, spec: PoolSpec) -> tuple[str, list[str]]:
    """Name of the function, and its arguments."""
    if spec.output_size is not None:
        kind = spec.kind.removeprefix("adaptive_")
        return f"F.adaptive_{kind}_pool2d", [source, pair_text(spec.output_size)]
    first = [source, *([str(spec.norm)] if spec.kind == "lp" else []), pair_text(spec.kernel_size)]
    if spec.stride != spec.kernel_size:
        first.append(f"stride={pair_text(spec.stride)}")
    names = "padding", "dilation", "ceil_mode", "count_include_pad"
    return f"F.{spec.kind}_pool2d", first + _options(spec, names)


def _options(spec: ConvSpec | PoolSpec, names: Iterable[str]) -> list[str]:
    """`name=value` of each setting that differs from the spec's default, PyTorch's too."""
    defaults = {each.name: each.default for each in fields(spec)}
    set_apart = [name for name in names if getattr(spec, name) != defaults[name]]
    return [f"{name}={pair_text(getattr(spec, name))}" for name in set_apart]


def pair_text(value: object) -> str:
    """Return a pair as a program has it: one number for two equal ones."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        return str(value[0])
    return str(value)


def _call(name: str, function: str, arguments: list[str]) -> str:
    line = f"{name} = {function}({_joined(arguments)})"
    if len(line) <= _WIDTH:
        return line
    inside = "".join(f"    {argument},\n" for argument in arguments)
    return f"{name} = {function}(\n{inside})"
