"""Networks as the training page designs them: blocks and presets.

Knows no torch: an impossible network is explained before that is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS

MOST_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A convolution, its activation, and what pools it: a kind of `PoolLayer`, or "none"."""

    filters: int
    kernel_size: int
    pooling: str = "maxpool"
    stride: int = 1

    def convolution(self, *, is_padded: bool) -> ConvLayer:
        """Return its convolution; padded, the maps have the size of the input by the stride."""
        kernel, stride = (self.kernel_size, self.kernel_size), (self.stride, self.stride)
        padding: Any = 0
        if is_padded:  # PyTorch knows “same” for a stride of 1 only
            padding = "same" if self.stride == 1 else (self.kernel_size - 1) // 2
        return ConvLayer(self.filters, kernel, stride, padding)


@dataclass(frozen=True, slots=True)
class Design:
    """What the form holds.

    Attributes:
        blocks: 1 to `MOST_BLOCKS`.
        activation: After every convolution and dense layer.
        is_padded: Whether convolutions keep the size of what they get, but for their stride.
        batch_norm: Whether it stands between convolution and activation.
        dropout: Share of the values set to 0 before the last layer, while training; 0: none.
        dense: Widths of the dense layers before the last one; 0: none.
    """

    blocks: tuple[Block, ...]
    activation: str = "relu"
    is_padded: bool = True
    batch_norm: bool = False
    dropout: float = 0.0
    dense: tuple[int, int] = (0, 0)

    def spec(self, dataset: str, labels: tuple[str, ...] | None = None) -> NetworkSpec:
        """Return the network for a data set's pictures.

        Raises:
            Explained: its layers do not fit together.
        """
        known = DATA_SETS[dataset]
        layers = self._layers(len(known.labels))
        return NetworkSpec(known.shape, known.mean, known.std, layers, labels)

    def _layers(self, classes: int) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for block in self.blocks:
            layers.append(block.convolution(is_padded=self.is_padded))
            if self.batch_norm:
                layers.append(BatchNormLayer())
            layers.append(ActivationLayer(self.activation))
            if block.pooling != "none":
                layers.append(PoolLayer(block.pooling))
        layers.append(FlattenLayer())
        for width in filter(None, self.dense):
            layers += [LinearLayer(width), ActivationLayer(self.activation)]
        if self.dropout:
            layers.append(DropoutLayer(self.dropout))
        return (*layers, LinearLayer(classes))


PRESETS: dict[str, Design] = {
    # The network that the other pages explain, `core.networks.models.MODELS["mnist"]`.
    "lecture": Design((Block(8, 5), Block(16, 5)), dense=(128, 0)),
    # LeCun, Bottou, Bengio & Haffner, Proc. IEEE 86, 1998; padded, for small pictures, too.
    "lenet5": Design((Block(6, 5, "avgpool"), Block(16, 5, "avgpool")), "tanh", dense=(120, 84)),
    "tiny": Design((Block(4, 3),)),
    # It halves the picture at once. Fashion-MNIST, two epochs on two cores, held out: 90.0 % after
    # 6 s; the lecture's network 90.0 % after 9 s, the strong one 91.7 % after 37 s.
    "fast": Design((Block(16, 5, "none", 2), Block(32, 3))),
    "strong": Design(
        (Block(32, 3), Block(64, 3), Block(128, 3)), batch_norm=True, dropout=0.3, dense=(128, 0)
    ),
}
