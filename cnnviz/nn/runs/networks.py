"""What runs have learnt: networks, cards and mistakes, each file checked before it is used."""

from __future__ import annotations

from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import Mistake, read_mistakes
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.store import load_weights
from cnnviz.nn.runs.files import read_checked, read_text, run_folder, sound_manifest
from cnnviz.nn.runs.writer import read_snapshot


def load_run_card(run_id: str) -> NetworkCard:
    """Return a finished run's card.

    Raises:
        LookupError: there is no such run, or it has no card: it was not tested to the end.
        Explained: one of its files is damaged.
    """
    folder = run_folder(run_id)
    manifest = sound_manifest(folder)
    if "card.json" not in manifest.files:
        raise LookupError(f"the run {run_id!r} has no card: it is not finished")
    return NetworkCard.from_json(read_checked(folder, "card.json", manifest).decode())


def load_run_network(run_id: str) -> nn.Sequential:
    """Return the network of a run that is finished or was stopped, as `load_network` does.

    Raises:
        LookupError: there is no such run, or it has no network yet.
        Explained: one of its files is damaged.
    """
    folder = run_folder(run_id)
    manifest = sound_manifest(folder)
    weights = manifest.files.get("weights.safetensors")
    if weights is None:
        raise LookupError(f"the run {run_id!r} has no network yet")
    network = build_network(
        NetworkSpec.from_json(read_checked(folder, "spec.json", manifest).decode())
    )
    load_weights(network, folder / "weights.safetensors", sha256=weights[1])
    return network.eval().requires_grad_(False)


def load_mistakes(run_id: str) -> tuple[Mistake, ...]:
    """Return the test pictures that a finished run names wrong, the surest first.

    Raises:
        LookupError: there is no such run, or it is not finished.
        Explained: the file is damaged.
    """
    folder = run_folder(run_id)
    manifest = sound_manifest(folder)
    if "mistakes.jsonl" not in manifest.files:
        raise LookupError(f"the run {run_id!r} is not finished")
    return read_mistakes(read_checked(folder, "mistakes.jsonl", manifest).decode())


def live_network(run_id: str) -> nn.Sequential | None:
    """Return the network of a run as its last snapshot has it, in evaluation mode, or None.

    Raises:
        LookupError: there is no such run.
    """
    folder = run_folder(run_id)
    try:
        snapshot = read_snapshot(folder)
        if snapshot is None:
            return None
        network = build_network(NetworkSpec.from_json(read_text(folder / "spec.json")))
        network.load_state_dict(snapshot.network_state())
    except (Explained, RuntimeError):
        return None
    return network.eval().requires_grad_(False)
