"""What is taken away of a run: its weights, its history, a program; and its deletion."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from io import StringIO

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.run_records import RunRecord
from cnnviz.core.training_code_parts import LOADERS
from cnnviz.ui.text import _
from cnnviz.ui.training_runs import delete


def take_away(run: RunRecord) -> None:
    """Draw what can be taken away of a run that is done, and the way to delete it."""
    with st.container(horizontal=True):
        if run.state in ("finished", "stopped", "pruned") and run.last:
            st.download_button(
                _("Weights (safetensors)"),
                lambda: weights(run.id),
                f"cnnviz-{run.id}.safetensors",
                "application/octet-stream",
                key=f"train.weights.{run.id}",
                on_click="ignore",
            )
        st.download_button(
            _("History (CSV)"),
            lambda: history(run.id),
            f"cnnviz-{run.id}.csv",
            "text/csv",
            key=f"train.history.{run.id}",
            on_click="ignore",
        )
        if run.plan.dataset in LOADERS:
            st.download_button(
                _("PyTorch program"),
                lambda: program(run),
                f"cnnviz-{run.id}.py",
                "text/x-python",
                key=f"train.program.{run.id}",
                on_click="ignore",
                help=_("Network and training in one file, which runs by itself."),
            )
        with st.popover(_("Delete"), icon=":material/delete:"):
            st.caption(_("Its weights and its curves are gone for good."))
            st.button(
                _("Delete this run"),
                key=f"train.delete.{run.id}",
                on_click=delete,
                args=(run.id,),
            )


def weights(run_id: str) -> bytes:
    """Return a run's weights as a safetensors file, every byte of it checked.

    Raises:
        LookupError: there is no such run.
        Explained: it has none yet, or they are damaged.
    """
    from cnnviz.nn.runs_files import read_checked, run_folder, sound_manifest

    folder = run_folder(run_id)
    manifest = sound_manifest(folder)
    if "weights.safetensors" not in manifest.files:
        raise Explained("This run has no weights.")
    return read_checked(folder, "weights.safetensors", manifest)


def program(run: RunRecord) -> str:
    """Return a run's network and training as a PyTorch program that runs by itself."""
    from cnnviz.nn.training_program import training_program

    return training_program(run)


def history(run_id: str) -> str:
    """Return every event of a run's training as CSV; raises `LookupError` without a run."""
    from cnnviz.nn.runs import read_points

    text = StringIO()
    columns = [each.name for each in fields(TrainEvent)]
    lines = csv.DictWriter(text, columns, lineterminator="\n")
    lines.writeheader()
    lines.writerows(asdict(each) for each in read_points(run_id))
    return text.getvalue()
