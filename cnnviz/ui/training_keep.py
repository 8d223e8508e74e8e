"""Runs that are kept: a table, one looked at or two compared, renamed, taken away, deleted."""

from __future__ import annotations

import csv
from dataclasses import asdict
from io import StringIO

import streamlit as st

from cnnviz.core.layer_specs import ConvLayer, LinearLayer
from cnnviz.core.messages import Explained
from cnnviz.core.run_records import DONE, LONGEST_NAME, RunRecord
from cnnviz.figures.confusion import confusion_matrix
from cnnviz.ui import layers, show, state
from cnnviz.ui.text import _, day, number, percent, say
from cnnviz.ui.training_presets import dataset_name
from cnnviz.ui.training_runs import delete, name_of, plain_name, rename
from cnnviz.ui.training_settings import NAMES, shown
from cnnviz.ui.training_watch import ENDED, STATES, show_curves

_CHOSEN = "train.chosen"


def keep(runs: tuple[RunRecord, ...]) -> None:
    """Show this person's runs that are done."""
    st.header(_("Your runs"), anchor=False)
    done = {run.id: run for run in runs if run.state in DONE}
    if not done:
        st.caption(_("None is done yet. They stay when you close this tab."))
        return
    _table(tuple(done.values()))
    chosen = [done[each] for each in _choose(done)]
    if not chosen:
        return
    show_curves(tuple(chosen), key="train.curves")
    if len(chosen) == 2:
        _differences(*chosen)
    for run, column in zip(chosen, st.columns(len(chosen), gap="large"), strict=True):
        with column:
            _one(run, 480 if len(chosen) == 1 else 360)


def _table(runs: tuple[RunRecord, ...]) -> None:
    accuracy = st.column_config.NumberColumn(format="percent")
    plain = st.column_config.NumberColumn(format="localized")
    validation, test = _("Accuracy, validation"), _("Accuracy, test")
    parameters, seconds = _("Parameters"), _("Seconds")
    st.dataframe(
        {
            _("Name"): [name_of(run) for run in runs],
            _("State"): [_(STATES[run.state]) for run in runs],
            _("Data set"): [_(dataset_name(run.plan.dataset)) for run in runs],
            parameters: [run.spec.parameters() for run in runs],
            _("Epochs"): [run.config.epochs for run in runs],
            validation: [run.last.accuracy if run.last else None for run in runs],
            test: [run.card.accuracy if run.card else None for run in runs],
            seconds: [round(run.last.elapsed_s, 1) if run.last else None for run in runs],
            _("Date"): [day(run.plan.created[:10]) for run in runs],
        },
        hide_index=True,
        placeholder="–",
        column_config={parameters: plain, validation: accuracy, test: accuracy, seconds: plain},
        key="train.table",
    )


def _choose(done: dict[str, RunRecord]) -> list[str]:
    """Draw the choice of one run or two; the one that has just ended is taken at once."""
    ended = state.held(ENDED)
    state.hold(ENDED, None)
    held = state.held(_CHOSEN)
    asked = [ended] if ended in done else held
    kept = [each for each in asked or [] if each in done]
    state.hold(_CHOSEN, kept or ([] if held == [] else [next(iter(done))]))
    return st.multiselect(
        _("Look at one, or compare two"),
        list(done),
        format_func=_labels(done).__getitem__,
        key=_CHOSEN,
        max_selections=2,
        placeholder=_("Choose a run"),
        persist_state="session",
    )


def _labels(done: dict[str, RunRecord]) -> dict[str, str]:
    """Names to choose by: Streamlit tells options apart by what is shown, so no two are alike."""
    labels: dict[str, str] = {}
    for run_id, run in done.items():
        name, count = name_of(run), 1
        while (label := name if count == 1 else f"{name} ({count})") in labels.values():
            count += 1
        labels[run_id] = label
    return labels


def _differences(first: RunRecord, second: RunRecord) -> None:
    """What two runs do not have in common."""
    one, other = (_settings(run) for run in (first, second))
    rows = [name for name in one if one[name] != other[name]]
    st.subheader(_("What differs"), anchor=False)
    if not rows:
        st.caption(_("Nothing: the same network, trained alike on the same pictures."))
        return
    st.table(
        {
            _("Setting"): rows,
            f"1 · {plain_name(first)}": [one[name] for name in rows],
            f"2 · {plain_name(second)}": [other[name] for name in rows],
        },
        hide_index=True,
    )


def _settings(run: RunRecord) -> dict[str, str]:
    settings = {
        _("Data set"): _(dataset_name(run.plan.dataset)),
        _("Layers"): _layers(run),
        _("Parameters"): number(run.spec.parameters()),
    }
    for name, value in asdict(run.config).items():
        settings[_(NAMES[name])] = shown(name, value)
    return settings


def _layers(run: RunRecord) -> str:
    """A network in one line."""
    words = []
    for layer in run.spec.layers:
        if isinstance(layer, ConvLayer):
            words.append(
                _("{count} filters of {height} × {width}").format(
                    count=number(layer.filters),
                    height=layer.kernel_size[0],
                    width=layer.kernel_size[1],
                )
            )
        elif isinstance(layer, LinearLayer):
            words.append(_("dense {count}").format(count=number(layer.features)))
        elif layer.kind != "flatten":
            words.append(_(layers.KINDS[layer.kind]))
    return ", ".join(words)


def _one(run: RunRecord, height: int) -> None:
    """What is known of a run, what it takes for what, and what can be done with it."""
    st.subheader(plain_name(run), anchor=False)
    if run.reason:
        st.warning(say(run.reason), icon=":material/info:")
    if run.card:
        count, right = sum(map(sum, run.card.confusion_matrix)), percent(run.card.accuracy)
        said = _("**{share}** of {count} test pictures right, which it never saw before.")
        st.markdown(said.format(share=right, count=number(count)))
        figure = confusion_matrix(
            run.card.confusion_matrix,
            [_(label) for label in layers.labels(run.card.spec)],
            appearance=state.appearance(),
            true_label=_("True class"),
            predicted_label=_("Network’s answer"),
        )
        figure.update_layout(height=height)
        alt = _("Confusion matrix: how often each true class got each answer.")
        show.plot(figure, alt=alt, key=f"train.confusion.{run.id}")
    key = f"train.name.{run.id}"
    st.text_input(
        _("Name"),
        run.label.name,
        max_chars=LONGEST_NAME,
        key=key,
        on_change=rename,
        args=(run.id, key),
    )
    _take_away(run)


def _take_away(run: RunRecord) -> None:
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


def history(run_id: str) -> str:
    """Return every event of a run's training as CSV; raises `LookupError` without a run."""
    from cnnviz.nn.runs import read_points

    text = StringIO()
    columns = (
        "epoch", "step", "total_steps", "train_loss", "validation_loss", "accuracy",
        "images_per_s", "elapsed_s",
    )  # fmt: skip
    lines = csv.DictWriter(text, columns, lineterminator="\n")
    lines.writeheader()
    lines.writerows(asdict(each) for each in read_points(run_id))
    return text.getvalue()
