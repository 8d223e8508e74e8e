"""Runs that train or wait, watched as they go: a part of the page that runs by itself."""

from __future__ import annotations

from functools import partial

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.records import DONE, STATES, RunRecord
from cnnviz.figures.curves import QUANTITIES, Curve, CurveWords, curves, live_chart, live_values
from cnnviz.ui import show, state
from cnnviz.ui.components.browser import person
from cnnviz.ui.text import _, number, percent, say, separators
from cnnviz.ui.training.epochs import forming
from cnnviz.ui.training.runs import (
    ask,
    ensure_worker,
    gone,
    plain_name,
    queue,
    refuse,
    resume,
    shown,
)

ENDED = "train.ended"
"""The run that ended last while it was watched; shown first among those that are kept."""
_EVERY_S = 1.5
"""Each time the browser draws the whole page anew, a tenth of a second of a processor."""
_LIVE = ("waiting", "running")
_LONG_S = 120.0
"""What is left is said in minutes from here on."""


def say_where(runs: tuple[RunRecord, ...]) -> None:
    """Say beside the start button what became of the click: that is shown further down."""
    newest = next((run for run in runs if run.state in _LIVE), None)
    ended = next((run for run in runs if run.id == state.held(ENDED)), None)
    if newest:
        st.info(_("“{name}” is under way: watch it below.").format(name=plain_name(newest)))
    elif ended:
        st.info(_("“{name}” is done: its results are below.").format(name=plain_name(ended)))


def watch(runs: tuple[RunRecord, ...]) -> None:
    """Show the runs that are not done, anew from time to time while one trains or waits."""
    unfinished = [run for run in reversed(runs) if run.state not in DONE]
    if not unfinished:
        return
    st.header(_("Now"), anchor=False)
    before = {run.id: run.state in _LIVE for run in unfinished}
    every = _EVERY_S if any(before.values()) else None
    st.fragment(_look, run_every=every)(before)


def _look(before: dict[str, bool]) -> None:
    """Draw them as they are now; start the page over when one begins to wait, pauses or ends."""
    me, runs = person(), []
    for run_id in before:
        try:
            runs.append(nn.read_run(run_id, me))
        except LookupError:  # deleted in another window, or on the server
            refuse(gone())
            st.rerun()
        except Explained:  # which the page says of it, below
            st.rerun()
    for run in runs:
        if run.state in DONE:
            state.hold(ENDED, run.id)
            st.rerun()
    if any((run.state in _LIVE) != before[run.id] for run in runs):
        st.rerun()
    places: tuple[str, ...] = ()
    with shown():
        if any(run.state in _LIVE for run in runs):
            ensure_worker()
        if any(run.state == "waiting" for run in runs):
            with queue() as opened:
                places = opened.waiting()
    for run in runs:
        with shown():
            _one(run, places.index(run.id) + 1 if run.id in places else None)


def _one(run: RunRecord, place: int | None) -> None:
    with st.container(border=True):
        last = run.last
        share = last.step / last.total_steps if last else 0.0
        st.progress(share, f"**{plain_name(run)}** · {_standing(run, place)}")
        if run.reason:
            st.warning(say(run.reason), icon=":material/info:")
        with st.container(horizontal=True):
            if run.state == "paused":
                _button(run, "resume", _("Go on"), ":material/play_arrow:")
            else:
                _button(run, "pause", _("Pause"), ":material/pause:")
            _button(run, "stop", _("Stop"), ":material/stop:")
        if last:
            _live_curves(run)
        forming(run, is_live=True)


def _button(run: RunRecord, control: str, label: str, icon: str) -> None:
    click = partial(resume, run.id) if control == "resume" else partial(ask, run.id, control)
    st.button(label, key=f"train.{control}.{run.id}", icon=icon, on_click=click)


def _standing(run: RunRecord, place: int | None) -> str:
    """Where a run stands, in one line."""
    if run.state == "waiting" and place:
        return _("Waiting, number {place} in the queue").format(place=number(place))
    if run.last is None:
        return _(STATES[run.state])
    return f"{_(STATES[run.state])} · {progress(run.last, run.config.epochs)}"


def progress(last: TrainEvent, epochs: int) -> str:
    """How far a training is, how fast, and how good, in one line."""
    parts = [
        _("epoch {epoch} of {epochs}").format(epoch=number(last.epoch), epochs=number(epochs)),
        _("{count} pictures a second").format(count=number(round(last.images_per_s))),
        _time(last),
        _("loss {loss}").format(loss=number(last.train_loss, 3)),
    ]
    if last.accuracy is not None:
        parts.append(
            _("{share} of the held-out pictures right").format(share=percent(last.accuracy))
        )
    if last.parts > 1:
        parts.append(
            _("short of memory: each batch in {parts} parts").format(parts=number(last.parts))
        )
    if last.is_moved:
        parts.append(_("short of memory: on the processor"))
    return " · ".join(parts)


def _time(last: TrainEvent) -> str:
    """How long a training has taken, and how long it still takes at the same speed."""
    left_s = last.elapsed_s * (last.total_steps - last.step) / max(last.step, 1)
    if not left_s:
        words, left = _("{seconds} s"), 0.0
    elif left_s < _LONG_S:
        words, left = _("{seconds} s, about {left} s left"), left_s
    else:
        words, left = _("{seconds} s, about {left} min left"), left_s / 60
    return words.format(seconds=number(last.elapsed_s, 1), left=number(round(left)))


def _live_curves(run: RunRecord) -> None:
    """Loss and accuracy so far, as charts that change in place.

    Streamlit 1.67 puts a new Plotly chart into the page for every change, which flickers, and
    takes 0.1 s and more to check a chart of its own.
    """
    curve, words = Curve(run.name, nn.read_points(run.id), run.config.epochs), _words()
    look = state.appearance()
    for place, quantity in zip(st.columns(2), QUANTITIES, strict=True):
        values, alt = live_values(quantity, curve, words), _("Loss and accuracy over the epochs.")
        chart = live_chart(quantity, curve.epochs, words, appearance=look, decimal=separators()[0])
        place.vega_lite_chart(values, chart, height=240, alt=alt)


def show_curves(runs: tuple[RunRecord, ...], *, key: str) -> None:
    """Show how one or two trainings went."""
    figure = curves(
        [Curve(run.name, nn.read_points(run.id), run.config.epochs) for run in runs],
        appearance=state.appearance(),
        words=_words(),
    )
    show.plot(figure, alt=_("Loss and accuracy over the epochs."), key=key)


def _words() -> CurveWords:
    return CurveWords(
        _("Epoch"), _("Loss"), _("Accuracy"), _("on what it learns from"), _("on held-out ones")
    )
