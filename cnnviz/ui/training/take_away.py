"""What is taken away of a run: weights, network, history, a program; and its deletion."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, fields
from io import StringIO

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.programs import ONNX_OPSET, ONNX_RUNTIME
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.records import RunRecord
from cnnviz.ui.text import _
from cnnviz.ui.training.runs import delete

_BYTES = "application/octet-stream"
_FILES = {
    "weights": ("safetensors", _BYTES),
    "onnx": ("onnx", _BYTES),
    "history": ("csv", "text/csv"),
    "program": ("py", "text/x-python"),
}
"""By what they hold: the ending of the name, and the MIME type."""


def take_away(run: RunRecord) -> None:
    """Draw what can be taken away of a run that is done, and the way to delete it."""
    with st.container(horizontal=True):
        if run.state in ("finished", "stopped", "pruned") and run.last:
            _file(run, "weights", _("Weights (safetensors)"), lambda: weights(run.id))
            said = _(
                "Layers and weights in one file, for ONNX Runtime from {version} on and other "
                "programs that know version {opset} of ONNX’s operators."
            ).format(version=ONNX_RUNTIME, opset=ONNX_OPSET)
            _file(run, "onnx", _("Network (ONNX)"), lambda: network(run), said)
        _file(run, "history", _("History (CSV)"), lambda: history(run.id))
        if run.plan.dataset in DATA_SETS:
            said = _("Network and training in one file, which runs by itself.")
            _file(run, "program", _("PyTorch program"), lambda: nn.training_program(run), said)
        with st.popover(_("Delete"), icon=":material/delete:"):
            st.caption(_("Its weights and its curves are gone for good."))
            st.button(
                _("Delete this run"), key=f"train.delete.{run.id}", on_click=delete, args=(run.id,)
            )


def _file(
    run: RunRecord, name: str, label: str, make: Callable[[], bytes | str], said: str | None = None
) -> None:
    """Offer a file that is made when it is asked for."""
    ending, mime = _FILES[name]
    file, key = f"cnnviz-{run.id}.{ending}", f"train.{name}.{run.id}"
    st.download_button(label, make, file, mime, key=key, on_click="ignore", help=said)


def weights(run_id: str) -> bytes:
    """Return a run's weights as a safetensors file, or raise `Explained` if they are damaged."""
    from cnnviz.nn.runs.files import read_sound

    data = read_sound(run_id, "weights.safetensors")
    if data is None:
        raise Explained("This run has no weights.")
    return data


def network(run: RunRecord) -> bytes:
    """Return a run's network as an ONNX file, computing as it answered in its test."""
    return nn.onnx_file(run.spec, nn.load_network(run.id))


def history(run_id: str) -> str:
    """Return every event of a run's training as CSV; raises `LookupError` without a run."""
    text = StringIO()
    columns = [each.name for each in fields(TrainEvent)]
    lines = csv.DictWriter(text, columns, lineterminator="\n")
    lines.writeheader()
    lines.writerows(asdict(each) for each in nn.read_points(run_id))
    return text.getvalue()
