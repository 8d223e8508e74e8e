"""The card of a network that tests make up."""

from cnnviz.core.networks.layer_specs import FlattenLayer, LinearLayer
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.train_config import TrainConfig

CARD = NetworkCard(
    id="tiny",
    dataset="toy",
    spec=NetworkSpec((1, 2, 2), (0.0,), (1.0,), (FlattenLayer(), LinearLayer(3))),
    parameters=15,
    config=TrainConfig(epochs=7, seed=3),
    train_images=12,
    accuracy=0.75,
    confusion_matrix=((3, 1, 0), (0, 3, 1), (0, 0, 0)),
    seconds=1.5,
    device="cpu: a processor, 2 threads",
    versions=(("torch", "2.11.0"), ("numpy", "2.1.0")),
    date="2026-11-23",
    sha256="ab" * 32,
)
