"""A trained network as an ONNX file: one operator a layer, named as everywhere here.

Written from the spec, not traced. Of PyTorch's two exporters the quick one melts batch norm into
the filters, so that layers are missing from its file, and is to be removed; the other takes many
seconds. The library `onnx` is imported when the first file is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_kinds import layer_kinds
from cnnviz.core.networks.layer_specs import Shape
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.programs import ONNX_OPSET, ONNX_RUNTIME
from cnnviz.nn.networks.build import build_network

if TYPE_CHECKING:
    from onnx import NodeProto

IR_VERSION = 8
"""Version of the file's format, of 2021."""


def onnx_file(spec: NetworkSpec, network: nn.Sequential) -> bytes:
    """Return a network as an ONNX file that computes what the network does in evaluation.

    Args:
        spec: What the network was built from; its labels go into the file's metadata.
        network: On any device, in any mode; only read, so others may use it meanwhile.

    Returns:
        The file. Its input `image` is float32 (N, C, H, W) in [0, 1], normalised inside; its
        output `logits` is float32 (N, classes). N is any number of pictures. Each layer is one
        operator of the layer's name, "normalize" two; weights go by their `state_dict` keys.

    Raises:
        Explained: the network's weights are not those of such layers; it names what differs.
    """
    from onnx import TensorProto, helper, numpy_helper

    weights = _weights(spec, network)
    first, *between, last = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])
        for name, shape in _values(spec)
    )
    tensors = [numpy_helper.from_array(values, key) for key, values in weights.items()]
    nodes = list(_nodes(spec, weights))
    model = helper.make_model(
        helper.make_graph(nodes, "network", [first], [last], tensors, value_info=between),
        producer_name="cnnviz",
        producer_version=version("cnnviz"),
        doc_string=_description(spec),
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", ONNX_OPSET)],
    )
    if spec.labels:
        helper.set_model_props(model, {"labels": json.dumps(spec.labels, ensure_ascii=False)})
    file: bytes = model.SerializeToString()
    return file


def _weights(spec: NetworkSpec, network: nn.Sequential) -> dict[str, NDArray[np.float32]]:
    """Return what the operators compute with, in the order in which they take it."""
    expected, found = build_network(spec).state_dict(), network.state_dict()
    for key in expected | found:
        one, other = expected.get(key), found.get(key)
        if one is None or other is None or (one.shape, one.dtype) != (other.shape, other.dtype):
            raise Explained("The weights are not of these layers: “{key}” differs.", key=key)
    return {
        key: values.numpy(force=True)
        for key, values in found.items()
        if not key.endswith(".num_batches_tracked")  # which evaluation has no use for
    }


def _values(spec: NetworkSpec) -> list[tuple[str, Shape]]:
    """Name what flows between the operators: by the layer that puts it out, but for the ends."""
    first, *between, last = spec.shapes()
    middle = [(step.name, step.shape) for step in between]
    return [("image", first.shape), *middle, ("logits", last.shape)]


def _nodes(spec: NetworkSpec, weights: dict[str, NDArray[np.float32]]) -> Iterator[NodeProto]:
    from onnx.helper import make_node

    (image, _), *values = _values(spec)
    centred, (normalized, _) = "normalize.centred", values[0]
    yield make_node("Sub", [image, "normalize.mean"], [centred], "normalize.mean")
    yield make_node("Div", [centred, "normalize.std"], [normalized], "normalize.std")
    links = zip(spec.names(), spec.layers, values, values[1:], strict=False)
    for name, layer, (before, shape), (after, _) in links:
        kind = layer_kinds()[layer.kind]
        learnt = [key for key in weights if key.startswith(f"{name}.")]
        attributes = kind.attributes(layer, shape)
        yield make_node(kind.operator, [before, *learnt], [after], name, **attributes)


def _description(spec: NetworkSpec) -> str:
    shape, classes = ", ".join(map(str, spec.input_shape)), spec.shapes()[-1].shape[0]
    told = (
        f"Input `image`: float32 (N, {shape}), pixels from 0 to 1 as they are; the network "
        f"normalises them itself. Output `logits`: float32 (N, {classes}); softmax makes "
        f"probabilities of them. Needs ONNX Runtime {ONNX_RUNTIME} or later, or another program "
        f"that knows operator set {ONNX_OPSET}."
    )
    labels = " The metadata entry `labels` names the classes in order, as a JSON array."
    return told + labels if spec.labels else told
