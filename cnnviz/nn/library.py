"""Trained networks by their id: a shipped one, or a run's; each file checked before it is used.

The one place that tells them apart, above both rooms: `networks` lies below `runs` and knows none.
An id is one of `core.training.cards.SHIPPED`, or "run-<hex>", and never becomes a path. Every
function here raises `LookupError` where no network has the id, or the run has not got so far, and
`Explained` where a file is damaged.
"""

from __future__ import annotations

from torch import nn

from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training import cards
from cnnviz.core.training.cards import NetworkCard, weights_folder
from cnnviz.core.training.reading import read_mistakes
from cnnviz.core.training.records import Mistake, is_run_id
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.evaluation import Evaluation, evaluate, find_mistakes
from cnnviz.nn.networks.store import load_weights
from cnnviz.nn.runs.files import read_sound, run_folder, sound_manifest


def load_network(network_id: str) -> nn.Sequential:
    """Return a network on the CPU, in evaluation mode, without gradients: it can be shared."""
    if is_run_id(network_id):
        spec = NetworkSpec.from_json(_read(network_id, "spec.json", "has no network yet"))
        path = run_folder(network_id) / "weights.safetensors"
        sha256 = sound_manifest(path.parent).files[path.name][1]
    else:
        card = cards.load_card(network_id)
        spec, sha256 = card.spec, card.sha256
        path = weights_folder() / f"{network_id}.safetensors"
    network = build_network(spec)
    load_weights(network, path, sha256=sha256)
    return network.eval().requires_grad_(False)


def load_card(network_id: str) -> NetworkCard:
    """Return the card of a shipped network, or of a finished run."""
    if not is_run_id(network_id):
        return cards.load_card(network_id)
    return NetworkCard.from_json(_read(network_id, "card.json", "has no card: it is not finished"))


def load_mistakes(network_id: str, data: ImageData) -> tuple[Mistake, ...]:
    """Return the test pictures that a network classifies wrongly, the surest first.

    A run wrote them down when it was tested; a shipped network is asked for all test pictures of
    `data`, its data set.
    """
    if not is_run_id(network_id):
        return find_mistakes(load_network(network_id), data)
    return read_mistakes(_read(network_id, "mistakes.jsonl", "is not finished"))


def evaluate_network(network_id: str) -> Evaluation:
    """Recompute a network's answers to all test pictures of its data set.

    Raises:
        Explained: also where the data set is damaged or cannot be had.
    """
    network, card = load_network(network_id), load_card(network_id)
    data = load_dataset(card.dataset)
    return evaluate(network, data.test_images, data.test_labels)


def _read(run_id: str, name: str, lacks: str) -> str:
    """Return a file of a run that is done, checked; where it has none, it `lacks` what it holds."""
    data = read_sound(run_id, name)
    if data is None:
        raise LookupError(f"the run {run_id!r} {lacks}")
    return data.decode()
