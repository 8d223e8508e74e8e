"""Networks designed, trained and kept through their page, with a home of their own."""

import csv
import io
import os
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import safetensors.torch
import streamlit as st
import torch
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from cnnviz.core.files import disk_full
from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.networks.layer_specs import ActivationLayer, ConvLayer
from cnnviz.core.networks.models import MODELS
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.records import RunLabel
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.figures.curves import Curve, CurveWords, curves
from cnnviz.nn import load_network
from cnnviz.nn.data import load_dataset
from cnnviz.nn.library import load_mistakes
from cnnviz.nn.runs import ask, create_run, list_runs, plan_run, read_points, read_run, worker
from cnnviz.nn.runs.queue import MOST_RUNS, RunQueue
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.ui.state import LANGUAGES
from cnnviz.ui.training import runs, take_away
from cnnviz.ui.training.presets import PRESETS, Block, Design
from cnnviz.ui.training.runs import start_worker
from cnnviz.ui.training.watch import progress
from tests.ui.opening import header, words

ANN, BOB = "a" * 32, "b" * 32
SHORT = TrainConfig(epochs=1, batch_size=256, augment=False, device="cpu")


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.delenv("CNNVIZ_DATA", raising=False)


class Process:
    """A worker that is none."""

    code = None

    def poll(self):
        return self.code


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """The workers that would have been started; none is."""
    runs._office.clear()
    processes = []

    def start():
        processes.append(Process())
        return processes[-1]

    monkeypatch.setattr(runs, "start_worker", start)
    yield processes
    runs._office.clear()


@pytest.fixture
def open_train(open_app):
    def opened(lang="en", who=ANN, **query):
        app = open_app("train", lang, **query)
        app.session_state["app.person.id"] = who
        return app.run()

    return opened


def submit(who=ANN, preset="tiny", config=SHORT):
    with RunQueue() as queue:
        spec = PRESETS[preset].spec("digits", DATA_SETS["digits"].labels)
        return queue.submit(spec, config, "digits", who)


@pytest.fixture
def finished():
    run_id = submit()
    assert worker.work(until_idle=True, poll_s=0.02) == 1
    return run_id


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_shows_its_layers(open_app, preset, lang):
    app = open_app("train", lang, preset=preset)
    assert not app.exception
    assert not app.warning
    rows = app.table[0].value
    spec = PRESETS[preset].spec("digits")
    assert len(rows) == len(spec.shapes())
    assert rows.iloc[0, 1] == "1 × 8 × 8"
    assert f"{spec.parameters():,}".replace(",", "." if lang == "pt_BR" else ",") in words(app)


def test_the_pictures_are_as_the_data_sets_have_them():
    images = load_dataset("digits").train_images / 255
    assert images.shape[1:] == DATA_SETS["digits"].shape
    assert DATA_SETS["digits"].mean[0] == pytest.approx(images.mean(), abs=1e-4)
    assert DATA_SETS["digits"].std[0] == pytest.approx(images.std(), abs=1e-4)


def test_the_lectures_network_is_the_one_that_the_other_pages_explain():
    assert PRESETS["lecture"].spec("mnist").layers == MODELS["mnist"].layers


@pytest.mark.parametrize("kernel", range(1, 8))
@pytest.mark.parametrize("stride", range(1, 5))
def test_padded_maps_have_the_size_of_the_picture_by_the_stride(stride, kernel):
    design = Design((Block(4, kernel, "none", stride),))
    out = design.spec("mnist").shapes()[2].shape  # behind input and normalisation
    side = -(-28 // stride) if kernel % 2 or stride == 1 else 26 // stride + 1
    assert out == (4, side, side)  # even kernels have no middle, and may lack the last place
    bare = (28 - kernel) // stride + 1
    assert replace(design, is_padded=False).spec("mnist").shapes()[2].shape == (4, bare, bare)


def test_controls_change_the_network_and_another_preset_puts_it_back(open_train):
    app = open_train(preset="tiny")
    before = app.table[0].value.to_string()
    app.number_input(key="train.filters1").set_value(12).run()
    app.number_input(key="train.stride1").set_value(2).run()
    app.selectbox(key="train.pooling1").set_value("none").run()
    assert "12 × 4 × 4" in app.table[0].value.to_string()
    assert "Max pooling" not in app.table[0].value.to_string()
    app.number_input(key="train.stride1").set_value(1).run()
    app.segmented_control(key="train.activation").set_value("tanh").run()
    assert "12 × 8 × 8" in app.table[0].value.to_string()
    assert "tanh 1" in app.table[0].value.to_string()
    app.segmented_control(key="word.preset").set_value("lenet5").run()
    app.segmented_control(key="word.preset").set_value("tiny").run()
    assert app.table[0].value.to_string() == before


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (1, "8.3 s, about 14 min left"),
        (50, "8.3 s, about 8 s left"),
        (99, "8.3 s, about 0 s left"),
        (100, "8.3 s"),
    ],
)
def test_how_long_a_training_still_takes_is_said(step, said):
    last = TrainEvent(1, step, 100, 0.5, None, None, 900.0, 8.26)
    assert progress(last, 2).split(" · ")[2] == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_impossible_network_is_a_sentence_and_cannot_be_started(open_train, lang):
    app = open_train(lang, preset="lenet5")
    app.toggle(key="train.is_padded").set_value(False).run()
    assert not app.exception
    assert len(app.warning) == 1
    assert "conv2" in app.warning[0].value
    assert app.button(key="train.begin").disabled
    app.toggle(key="train.is_padded").set_value(True).run()
    assert not app.warning
    assert not app.button(key="train.begin").disabled


def test_a_click_asks_for_what_the_form_holds(open_train, started):
    app = open_train(preset="tiny")
    app.number_input(key="train.filters1").set_value(7)
    app.number_input(key="train.epochs").set_value(3)
    app.segmented_control(key="train.precision").set_value("bf16")
    app.button(key="train.begin").click().run()
    (run,) = list_runs(ANN)
    assert run.plan.owner == ANN
    assert run.spec.layers[:2] == (ConvLayer(7, (3, 3), padding="same"), ActivationLayer("relu"))
    assert run.spec.labels == DATA_SETS["digits"].labels
    assert (run.config.epochs, run.state, run.label.name) == (3, "waiting", "Run 1")
    assert (run.config.precision, run.config.augment) == ("bf16", "none")
    assert len(started) == 1
    assert not app.exception
    assert "“Run 1” is under way: watch it below." in [each.value for each in app.info]


def test_one_run_too_many_is_refused_in_a_sentence(open_train):
    app = open_train(preset="tiny")
    for _click in range(MOST_RUNS):
        app.button(key="train.begin").click().run()
        assert not app.warning
    app.button(key="train.begin").click().run()
    assert len(app.warning) == 1
    assert "there can be no more" in app.warning[0].value
    assert len(list_runs(ANN)) == MOST_RUNS
    assert not app.run().warning, "said once"


def test_a_waiting_run_is_paused_goes_on_and_is_stopped(open_train):
    run_id = submit()
    app = open_train()
    app.button(key=f"train.pause.{run_id}").click().run()
    assert list_runs(ANN)[0].state == "paused"
    app.button(key=f"train.resume.{run_id}").click().run()
    assert list_runs(ANN)[0].state == "waiting"
    app.button(key=f"train.stop.{run_id}").click().run()
    assert list_runs(ANN)[0].state == "stopped"
    assert not app.exception
    assert len(app.dataframe) == 1


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "It was stopped by hand."), ("pt_BR", "Foi parado manualmente.")]
)
def test_a_run_says_why_it_ended(open_train, lang, said):
    run_id = submit()
    ask(run_id, ANN, "stop")
    app = open_train(lang)
    assert [each.value for each in app.warning] == [said]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "The disk is full: nothing"), ("pt_BR", "O disco está cheio")]
)
def test_a_run_that_had_to_pause_says_why_and_goes_on(open_train, lang, said):
    run_id = submit()
    with RunWriter(run_id) as writer:
        writer.pause(Sentence(disk_full().message))
    app = open_train(lang)
    assert [each.value for each in app.warning if each.value.startswith(said)]
    app.button(key=f"train.resume.{run_id}").click().run()
    assert not app.exception
    assert not app.warning
    assert list_runs(ANN)[0].state == "waiting"


def test_a_finished_run_is_kept_renamed_taken_away_and_deleted(open_train, finished):
    app = open_train()
    assert not app.exception
    (run,) = list_runs(ANN)
    row = app.dataframe[0].value.iloc[0]
    assert row["Accuracy, test"] == pytest.approx(run.card.accuracy)
    assert row["Parameters"] == run.spec.parameters()
    state = safetensors.torch.load(take_away.weights(finished))
    assert sum(v.numel() for n, v in state.items() if "normalize" not in n) == row["Parameters"]
    lines = list(csv.DictReader(io.StringIO(take_away.history(finished))))
    assert lines[-1]["step"] == lines[-1]["total_steps"]
    app.text_input(key=f"train.name.{finished}").set_value("<b>Mine</b> :red[1]").run()
    assert list_runs(ANN)[0].label.name == "<b>Mine</b> :red[1]"
    assert app.dataframe[0].value.iloc[0]["Name"] == "<b>Mine</b> :red[1]"
    assert r"\<b\>Mine\</b\> \:red\[1\]" in {each.value for each in app.subheader}
    app.button(key=f"train.delete.{finished}").click().run()
    assert list_runs() == ()
    assert not app.exception
    assert not app.dataframe


def test_a_runs_network_is_taken_away_as_onnx(open_train, finished, home, monkeypatch):
    made, real = {}, st.download_button

    def button(label, make, name, *args, **kwargs):
        made[name] = label, make
        return real(label, make, name, *args, **kwargs)

    monkeypatch.setattr(st, "download_button", button)
    open_train("pt_BR")
    assert sorted(name.rpartition(".")[2] for name in made) == ["csv", "onnx", "py", "safetensors"]
    label, make = made[f"cnnviz-{finished}.onnx"]
    assert "ONNX" in label
    images = np.random.default_rng(0).random((5, 1, 8, 8), np.float32)
    session = onnxruntime.InferenceSession(make(), providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"image": images})
    expected = load_network(finished)(torch.from_numpy(images)).numpy()
    np.testing.assert_allclose(logits, expected, atol=1e-5 * np.abs(expected).max())
    (home / "runs" / finished / "weights.safetensors").write_bytes(b"nothing")
    with pytest.raises(Explained):
        make()


def test_another_person_sees_nothing_of_it(open_train, finished):
    app = open_train(who=BOB)
    assert not app.exception
    assert not app.dataframe
    assert "None is done yet" in words(app)


def test_two_runs_are_compared(open_train, finished):
    other = submit(config=TrainConfig(epochs=2, batch_size=256, augment=False, device="cpu"))
    worker.work(until_idle=True, poll_s=0.02)
    app = open_train("pt_BR")
    app.multiselect(key="train.chosen").set_value([finished, other]).run()
    assert not app.exception
    assert len(app.table[1].value) == 1, "only the number of epochs differs"
    assert list(app.table[1].value.iloc[0])[1:] == ["1", "2"]
    assert len(app.get("plotly_chart")) == 4, "curves, the difference, and a matrix a run"


def test_how_it_formed_can_be_gone_through(open_train, finished):
    app = open_train()
    key, wall = f"train.epoch.{finished}", f"train.forming.{finished}"
    assert app.slider(key=key).value == 1
    last = stages(app, wall)
    assert {"input", "filters", "conv1", "pool1", "probabilities", "confusion"} == last.keys()
    app.slider(key=key).set_value(0).run()
    first = stages(app, wall)
    assert "confusion" not in first, "nothing was asked before the first epoch"
    assert first["input"] == last["input"]
    assert first["filters"]["peak"] != last["filters"]["peak"]
    app.selectbox(key=f"train.picture.{finished}").select_index(7).run()
    assert stages(app, wall)["probabilities"] != first["probabilities"]
    assert not app.exception


def stages(app, key):
    """What a wall was told, stage by stage."""
    mounted = [each for each in app.get("bidi_component") if key in each.proto.id]
    return {each["id"]: each for each in header(mounted[0])["stages"]}


def test_a_run_is_watched_while_it_is_trained(open_train):
    run_id = submit()
    with RunWriter(run_id) as writer:
        train_run(writer, judge=lambda event: False)  # leaves its epochs; "pruned"
        (writer.folder / "manifest.json").unlink()  # as if it went on
        app = open_train()
        assert not app.exception
        loss, accuracy = (each.proto for each in app.get("vega_lite_chart"))
        assert (
            convert_arrow_bytes_to_pandas_df(loss.data.data)["value"].iloc[-1]
            == read_points(run_id)[-1].validation_loss
        )
        assert convert_arrow_bytes_to_pandas_df(accuracy.data.data)["value"].tolist() == [
            read_points(run_id)[-1].accuracy
        ]
        assert app.slider(key=f"train.epoch.{run_id}").value == 1
        assert app.toggle(key=f"train.follow.{run_id}").value
        app.slider(key=f"train.epoch.{run_id}").set_value(0).run()
        assert not app.toggle(key=f"train.follow.{run_id}").value
        assert app.slider(key=f"train.epoch.{run_id}").value == 0


def test_the_worker_is_a_polite_process_that_ends_when_nothing_waits():
    with RunQueue() as queue:
        run_id = queue.submit(PRESETS["tiny"].spec("digits"), SHORT, "digits", ANN)
    process, priorities = start_worker(), set()
    while process.poll() is None:
        with suppress(ProcessLookupError):
            priorities.add(os.getpriority(os.PRIO_PROCESS, process.pid))
        time.sleep(0.02)
    assert process.returncode == 0
    assert read_run(run_id).state == "finished"
    assert max(priorities) == os.getpriority(os.PRIO_PROCESS, 0) + 10


def test_the_most_wrong_pictures_are_shown_when_asked_for(open_train, finished):
    app = open_train("pt_BR")
    app.toggle(key=f"train.wrong.{finished}").set_value(True).run()
    assert not app.exception
    shown = stages(app, f"train.wrong.pictures.{finished}")
    mistakes = load_mistakes(finished, load_dataset("digits"))[: len(shown)]
    assert len(shown) == 12
    for (each, stage), wrong in zip(shown.items(), mistakes, strict=True):
        assert each.startswith("mistake")
        assert str(wrong.truth) in stage["title"]
        assert str(wrong.answer) in stage["title"]


def test_many_runs_are_searched_and_sorted(open_train):
    for n in range(4):
        create = RunLabel(f"Number {n}")
        create_run(PRESETS["tiny"].spec("digits"), SHORT, plan_run("digits", ANN), create)
    for run in list_runs(ANN):
        ask(run.id, ANN, "stop")
        with RunWriter(run.id) as writer:
            train_run(writer)
    app = open_train()
    assert list(app.dataframe[0].value["Name"]) == [f"Number {n}" for n in (3, 2, 1, 0)]
    app.text_input(key="train.find").set_value("BER 2").run()
    assert list(app.dataframe[0].value["Name"]) == ["Number 2"]
    app.text_input(key="train.find").set_value("no such").run()
    assert not app.dataframe
    assert "No run is like that" in words(app)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_curves_are_what_was_measured(finished, appearance):
    events = read_points(finished)
    named = CurveWords("Epoch", "Loss", "Accuracy", "training", "held out")
    figure = curves([Curve("<a>", events, 1)] * 2, appearance=appearance, words=named)
    assert len(figure.data) == 6
    assert figure.data[2].y[-1] == pytest.approx(events[-1].accuracy)
    assert figure.data[0].x[-1] == pytest.approx(1)
    assert "<" not in figure.data[0].name


def test_a_data_set_that_is_not_here_is_offered(open_train, monkeypatch):
    from cnnviz.nn.data.idx import IdxReader

    def unreachable(self):
        raise self.missing()

    monkeypatch.setattr(IdxReader, "download", unreachable)
    app = open_train(dataset="fashion")
    assert len(app.info) == 1
    assert app.button(key="train.begin").disabled
    assert app.table[0].value.iloc[0, 1] == "1 × 28 × 28"
    app.button(key="train.download.fashion").click().run()
    assert not app.exception
    assert len(app.warning) == 1


def test_one_worker_at_a_time_is_started(started):
    for code, expected in ((None, 1), (None, 1), (0, 2), (1, 2), (1, 2)):
        if started:
            started[-1].code = code
        runs.ensure_worker()
        assert len(started) == expected
