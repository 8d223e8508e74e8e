"""A network as a readable strip: every layer with its shape, what it has learnt, what it sees."""

from __future__ import annotations

from cnnviz.core.networks.layer_fields import layer_fields
from cnnviz.core.networks.network_spec import LayerShape, NetworkSpec
from cnnviz.ui import layers
from cnnviz.ui.components.diagram import Box, diagram
from cnnviz.ui.text import _, number, size


def show_plan(spec: NetworkSpec, *, chosen: str) -> None:
    """Show a network's layers, the one that is asked about marked."""
    steps = spec.shapes()
    end = steps[-1]
    boxes = [
        _box(step, _shown(steps, n), field, spec)
        for n, (step, field) in enumerate(zip(steps, layer_fields(spec), strict=True))
    ]
    last = LayerShape("probabilities", "softmax", end.shape, 0)
    boxes.append(_box(last, "probabilities", spec.input_shape[1:], spec))
    label = _("The network, layer by layer; each can be shown on the wall below.")
    diagram(boxes, key="network.plan", label=label, chosen=chosen)


def _shown(steps: tuple[LayerShape, ...], n: int) -> str:
    """Which layer's wall a click shows: flattening only rearranges and has none of its own."""
    return next(step.name for step in steps[n:] if step.kind != "flatten")


def _box(step: LayerShape, shows: str, field: tuple[int, int], spec: NetworkSpec) -> Box:
    height, width = field
    is_all = height >= spec.input_shape[1] and width >= spec.input_shape[2]
    sees = _("sees all of it") if is_all else _("sees {size}").format(size=size(field))
    learns = _("{count} learnt").format(count=number(step.parameters)) if step.parameters else ""
    return Box(step.name, shows, layers.title(step), step.shape, size(step.shape), learns, sees)
