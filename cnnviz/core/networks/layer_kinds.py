"""The kinds of layers, in one table: what people, PyTorch and ONNX call each. Knows no torch.

`nn` builds, recognises and exports layers by it, programs are written from it, and pages take their
headings from it. An activation that networks may use is an entry of `core.lab.activations` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from cnnviz.core.lab.activations import ACTIVATIONS, Activation
from cnnviz.core.lab.torch_code import pair_text
from cnnviz.core.messages import N_
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    PoolLayer,
    Shape,
)


class Arguments(NamedTuple):
    """The arguments of a PyTorch module; of the options those that differ from its defaults."""

    given: tuple[Any, ...]
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A kind of layer.

    Attributes:
        title: For people; translated where it is shown.
        spec: Its record.
        module: Its class in `torch.nn`.
        operator: Its operator in ONNX, opset 15.
        arguments: The module's arguments, from the record and the shape of what it gets.
        attributes: The operator's, from the same.
    """

    title: str
    spec: type[Layer]
    module: str
    operator: str
    arguments: Callable[[Any, Shape], Arguments] = lambda _layer, _shape: Arguments((), {})
    attributes: Callable[[Any, Shape], dict[str, Any]] = lambda _layer, _shape: {}


def _conv_arguments(layer: ConvLayer, shape: Shape) -> Arguments:
    options = {"stride": (layer.stride, (1, 1)), "padding": (layer.padding, (0, 0))}
    return Arguments(
        (shape[0], layer.filters, layer.kernel_size),
        {name: value for name, (value, default) in options.items() if value != default},
    )


def _conv_attributes(layer: ConvLayer, shape: Shape) -> dict[str, Any]:
    (top, bottom), (left, right) = layer.spec.pads((shape[1], shape[2]))
    return {**_window(layer, shape), "pads": (top, left, bottom, right)}


def _pool_arguments(layer: PoolLayer, _shape: Shape) -> Arguments:
    is_default = layer.stride == layer.kernel_size
    return Arguments((layer.kernel_size, *(() if is_default else (layer.stride,))), {})


def _window(layer: ConvLayer | PoolLayer, _shape: Shape) -> dict[str, Any]:
    return {"kernel_shape": layer.kernel_size, "strides": layer.stride}


LAYERS: dict[str, LayerKind] = {
    "conv": LayerKind(
        N_("Convolution"), ConvLayer, "Conv2d", "Conv", _conv_arguments, _conv_attributes
    ),
    "batchnorm": LayerKind(
        N_("Batch norm"), BatchNormLayer, "BatchNorm2d", "BatchNormalization",
        lambda _layer, shape: Arguments((shape[0],), {}),
        lambda _layer, _shape: {"epsilon": 1e-5},  # PyTorch's default
    ),
    "maxpool": LayerKind(
        N_("Max pooling"), PoolLayer, "MaxPool2d", "MaxPool", _pool_arguments, _window
    ),
    "avgpool": LayerKind(
        N_("Average pooling"), PoolLayer, "AvgPool2d", "AveragePool", _pool_arguments, _window
    ),
    "dropout": LayerKind(
        "Dropout", DropoutLayer, "Dropout", "Identity",
        lambda layer, _shape: Arguments((layer.share,), {}),
    ),
    "flatten": LayerKind(N_("Flatten"), FlattenLayer, "Flatten", "Flatten"),
    "linear": LayerKind(
        N_("Linear"), LinearLayer, "Linear", "Gemm",
        lambda layer, shape: Arguments((shape[0], layer.features), {}),
        lambda _layer, _shape: {"transB": 1},
    ),
}  # fmt: skip
"""By kind, as in `LayerActivation`; activations are added by `layer_kinds`."""


def layer_kinds() -> dict[str, LayerKind]:
    """Return every kind that networks are built of."""
    activations = {each.id: _pointwise(each) for each in ACTIVATIONS.values() if each.operator}
    return LAYERS | activations


def _pointwise(activation: Activation) -> LayerKind:
    name, module, operator = activation.name, activation.module, activation.operator
    attributes = dict(activation.attributes)
    return LayerKind(
        name, ActivationLayer, module, operator, attributes=lambda _layer, _shape: attributes
    )


def kind_title(kind: str) -> str:
    """Return what people call a kind, in English; a kind that is no layer of ours is its own."""
    if kind in LAYERS:
        return LAYERS[kind].title
    return ACTIVATIONS[kind].name if kind in ACTIVATIONS else _OTHERS.get(kind, kind)


_OTHERS = {"input": N_("Input"), "normalize": N_("Normalisation"), "softmax": N_("Probabilities")}


def torch_call(layer: Layer, shape: Shape) -> str:
    """Return how a program makes one layer for maps or values of `shape`."""
    kind = layer_kinds()[layer.kind]
    given, options = kind.arguments(layer, shape)
    named = (f"{name}={_text(value)}" for name, value in options.items())
    return f"nn.{kind.module}({', '.join([*map(_text, given), *named])})"


def _text(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else pair_text(value)
