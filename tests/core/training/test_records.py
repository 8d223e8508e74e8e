"""Plain records of a run: what was written comes back, and nothing else is believed."""

import json
from functools import partial

import pytest

from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.reading import read, read_events, read_mistakes, read_state
from cnnviz.core.training.records import (
    Manifest,
    Mistake,
    RunLabel,
    RunPlan,
    RunState,
    SnapshotNote,
    fingerprint,
    is_run_id,
    new_run_id,
    now,
    to_json,
)

EVENT = TrainEvent(1, 4, 8, 0.5, None, 0.25, 100.0, 1.5)
PLAN = RunPlan("digits", "ann", "2026-11-24T10:00:00+00:00")


def test_ids_are_new_and_no_paths():
    ids = {new_run_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(map(is_run_id, ids))
    for text in ("run-", "run-12345678/..", "run-1234567G", "run-12345678\n", "../run-12345678"):
        assert not is_run_id(text)


@pytest.mark.parametrize(
    ("record", "read"),
    [
        (PLAN, partial(read, RunPlan)),
        (RunPlan("digits", "ann", now(), "sweep-1"), partial(read, RunPlan)),
        (RunLabel(), partial(read, RunLabel)),
        (RunLabel("<b>név</b>", "a\nnote", True), partial(read, RunLabel)),
        (SnapshotNote("snapshot-4.safetensors", 3, "ab"), partial(read, SnapshotNote)),
    ],
)
def test_records_come_back(record, read):
    assert read(to_json(record)) == record
    assert "\n" not in to_json(record)
    with pytest.raises(Explained):
        read(to_json(record)[:-1])
    with pytest.raises(Explained):
        read(json.dumps({**json.loads(to_json(record)), "more": 1}))


def test_states_come_back_with_their_sentence():
    reason = Sentence("After {step} steps.", {"step": 3})
    back = read_state(to_json(RunState("failed", reason)))
    assert (back.state, str(back.reason)) == ("failed", "After 3 steps.")
    assert read_state(to_json(RunState("running"))).reason is None
    for text in ('{"state": "good", "reason": null}', '{"state": "failed", "reason": 3}', "[]"):
        with pytest.raises(Explained):
            read_state(text)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: RunPlan("", "ann", now()),
        lambda: RunPlan("digits", "", now()),
        lambda: RunPlan("digits", "ann", "yesterday"),
        lambda: RunPlan("digits", "ann", 3),
        lambda: SnapshotNote("snapshot-/../../x", 3, "ab"),
        lambda: SnapshotNote("weights.safetensors", 3, "ab"),
    ],
)
def test_impossible_values_are_refused(wrong):
    with pytest.raises(Explained):
        wrong()


def test_events_stop_at_the_first_line_that_is_none():
    line = to_json(EVENT) + "\n"
    assert read_events(line * 3) == (EVENT,) * 3
    assert read_events(line * 2 + line[:20]) == (EVENT,) * 2
    assert read_events(line + "{}\n" + line) == (EVENT,)
    assert read_events("") == ()


def test_mistakes_come_back():
    mistakes = (Mistake(3, 1, 2, 0.5), Mistake(4, 0, 9, 0.25))
    assert read_mistakes("".join(f"{to_json(each)}\n" for each in mistakes)) == mistakes


def test_a_manifest_has_one_spelling():
    manifest = Manifest({"b": fingerprint(b"x"), "a": fingerprint(b"")})
    assert Manifest.from_json(manifest.to_json()).files == manifest.files
    for text in (manifest.to_json() + " ", '{"files":{"a":1}}'[:-1], '{"b":{}}'):
        with pytest.raises(Explained):
            Manifest.from_json(text)
