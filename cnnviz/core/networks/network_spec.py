"""A network as a small frozen value: its layers, the pictures it takes, the classes it names.

Built by `nn.build_network`; knows no torch.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields
from math import prod

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_kinds import layer_kinds
from cnnviz.core.networks.layer_specs import ConvLayer, Layer, PoolLayer, Shape
from cnnviz.core.strict import choice, entries, make_plain, many, mapping, parse, real, whole, words

MOST_LAYERS = 64
MOST_CHANNELS = 16
LARGEST_SIDE = 1024
MOST_CELLS = 16_000_000
"""Values one layer may put out: 64 MB."""
MOST_PARAMETERS = 12_000_000
"""Numbers a network may learn: 48 MB, below what `nn.load_weights` reads."""


@dataclass(frozen=True, slots=True)
class LayerShape:
    """One step of a network: what comes out of it, and how much it learns.

    Attributes:
        name: Unique within the network: "input", "normalize", "conv1", "relu1", "pool1" ...
        kind: As in `LayerActivation`.
        shape: (C, H, W), or (N,) for flat layers.
        parameters: Weights and biases; 0 for layers that learn nothing.
    """

    name: str
    kind: str
    shape: Shape
    parameters: int


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A chain of layers from a picture to one number a class.

    Attributes:
        input_shape: (C, H, W) of the pictures.
        mean: Subtracted from every channel by the first layer; of pixels in [0, 1].
        std: What that layer then divides by, above 0.
        layers: After that first layer, in order; the last one's output is flat.
        labels: Name of every class, or None; as many as the last layer has values.

    Raises:
        Explained: values that cannot be, or layers that do not fit together; it names the
            layer and has the numbers.
    """

    input_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    layers: tuple[Layer, ...]
    labels: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        make_plain(self)
        many("input_shape", self.input_shape, 3, 3)
        channels = self.input_shape[0]
        whole("input_shape", channels, 1, MOST_CHANNELS)
        for side in self.input_shape[1:]:
            whole("input_shape", side, 1, LARGEST_SIDE)
        for name, least in (("mean", -10), ("std", 1e-4)):
            for number in many(name, getattr(self, name), channels, channels):
                real(name, number, least, 10)
        for layer in many("layers", self.layers, 1, MOST_LAYERS):
            if not hasattr(layer, "output_shape"):
                choice("layers", layer, tuple(layer_kinds()))
        self._check_chain()

    def _check_chain(self) -> None:
        last = self.shapes()[-1]
        if len(last.shape) != 1:
            raise Explained(
                "The last layer, “{layer}”, must put out one number a class, not {channels} maps.",
                layer=last.name,
                channels=last.shape[0],
            )
        if self.parameters() > MOST_PARAMETERS:
            raise Explained(
                "The network would learn {parameters} numbers; at most {most} are possible here.",
                parameters=self.parameters(),
                most=MOST_PARAMETERS,
            )
        if self.labels is None:
            return
        for label in many("labels", self.labels, last.shape[0], last.shape[0]):
            words("labels", label)

    def names(self) -> tuple[str, ...]:
        """Return the name of every layer of `layers`: its kind, numbered in order."""
        counts: Counter[str] = Counter()
        names = []
        for layer in self.layers:
            stem = "pool" if layer.kind.endswith("pool") else layer.kind
            counts[stem] += 1
            names.append(stem if stem == "flatten" else f"{stem}{counts[stem]}")
        return tuple(names)

    def shapes(self) -> tuple[LayerShape, ...]:
        """Return every step in order, as `nn.capture` does: the input, "normalize", the layers.

        Raises:
            Explained: a layer does not fit what comes before it; it names both.
        """
        steps = [
            LayerShape("input", "input", self.input_shape, 0),
            LayerShape("normalize", "normalize", self.input_shape, 0),
        ]
        for name, layer in zip(self.names(), self.layers, strict=True):
            before = steps[-1].shape
            after = layer.output_shape(name, before)
            if prod(after) > MOST_CELLS:
                raise Explained(
                    "The layer “{layer}” would put out {cells} values; at most {most} are "
                    "possible here.",
                    layer=name,
                    cells=prod(after),
                    most=MOST_CELLS,
                )
            steps.append(LayerShape(name, layer.kind, after, layer.parameters(before)))
        return tuple(steps)

    def parameters(self) -> int:
        """Count the numbers that training changes."""
        return sum(step.parameters for step in self.shapes())

    def to_json(self) -> str:
        """Return the spec as JSON, the same text for the same spec."""
        return json.dumps(self.to_plain())

    @classmethod
    def from_json(cls, text: str) -> NetworkSpec:
        """Read what `to_json` wrote.

        Raises:
            Explained: anything that is not exactly a spec: unknown or missing entries, other
                types, sizes beyond the limits of this module.
        """
        return cls.from_plain(parse(text))

    def to_plain(self) -> dict[str, object]:
        """Return what JSON can hold."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**plain, "layers": [{"kind": each.kind, **asdict(each)} for each in self.layers]}

    @classmethod
    def from_plain(cls, data: object) -> NetworkSpec:
        """Build the spec from parsed JSON; raises as `from_json` does."""
        layers = mapping(cls.__name__, data).get("layers")
        read = tuple(_layer(each) for each in many("layers", layers, 1, MOST_LAYERS))
        return cls(**entries(data, cls, layers=read))


def _layer(data: object) -> Layer:
    values = dict(mapping("layers", data))
    kinds = layer_kinds()
    choice("kind", values.get("kind"), tuple(kinds))
    layer = kinds[values["kind"]].spec
    if "kind" not in {each.name for each in fields(layer)}:
        del values["kind"]
    return layer(**entries(values, layer))


def layer_fields(spec: NetworkSpec) -> tuple[tuple[int, int], ...]:
    """Return (height, width) of the pixels that one cell can see, for each of `spec.shapes()`.

    It may be larger than the picture, whose padding is seen, too. Flat layers see all of it.
    """
    windows: list[ConvSpec | PoolSpec] = []
    fields = [(1, 1), (1, 1)]  # the pixels, and those pixels normalised
    for layer, step in zip(spec.layers, spec.shapes()[2:], strict=True):
        if len(step.shape) == 1:
            fields.append(spec.input_shape[1:])
            continue
        if isinstance(layer, ConvLayer | PoolLayer):
            windows.append(layer.spec)
        fields.append(receptive_field(windows, 0, 0)[2:])
    return tuple(fields)
