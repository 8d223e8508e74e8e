"""Bringing pictures in and letting go of them, on the start page, through AppTest."""

import base64
import tomllib

import numpy as np
import pytest

from cnnviz.core.pictures.edits import Invert
from cnnviz.core.pictures.images import MAX_BYTES
from cnnviz.core.samples import draw_sample
from cnnviz.figures.raster import png
from cnnviz.ui.components import pictures
from cnnviz.ui.components.pictures import Pasted
from cnnviz.ui.history import Changes
from cnnviz.ui.pictures import intake, prepared
from cnnviz.ui.pictures.picture import Tray
from tests.ui.opening import ROOT, words


def file(sample):
    return png(np.round(draw_sample(sample) * 255).astype(np.uint8))


def bring(app, *files):
    """Upload files at once."""
    app.segmented_control(key="picture.source").set_value("upload").run()
    for name, data in files:
        app.file_uploader[0].upload(name, data)
    return app.run()


def tray(app):
    return app.session_state["_tray"]


def held_bytes(app):
    """What Streamlit keeps of uploads."""
    (storage,) = app._tree._runner._uploaded_file_mgr.file_storage.values() or ({},)
    return sum(len(record.data) for record in storage.values())


def test_several_files_at_once_become_a_tray_and_the_refused_one_a_sentence(open_app):
    app = bring(
        open_app(), ("2.png", file("digit-2")), ("no.png", b"no"), ("5.png", file("digit-5"))
    )
    assert [each.name for each in tray(app).pictures] == ["2.png", "5.png"]
    assert len(app.error) == 1
    assert "5.png" in words(app)
    assert not app.exception


def test_what_is_refused_leaves_the_tray_alone(open_app):
    app = bring(open_app(), ("2.png", file("digit-2")))
    app = bring(app, ("no.png", b"no"))
    assert [each.name for each in tray(app).pictures] == ["2.png"]
    assert tray(app).picture.name == "2.png"
    assert len(app.error) == 1
    app = bring(app, ("5.png", file("digit-5")))
    assert not app.error


def test_the_tray_follows_from_page_to_page(open_app):
    app = bring(open_app(), ("2.png", file("digit-2")))
    app.switch_page("pages/convolution.py").run()
    assert app.run().session_state["_picture"].name == "2.png"


def test_a_name_is_plain_text(open_app):
    name = "[a](javascript:alert(1)) :red[x] <b>.png"
    app = bring(open_app(), (name, file("digit-2")))
    assert name in [each.value for each in app.text]


def test_forgetting_leaves_nothing_of_what_was_brought(open_app):
    app = bring(open_app(), ("2.png", file("digit-2")))
    app.button(key="app.forget").click().run()
    assert not app.exception
    assert "_tray" not in app.session_state
    assert app.segmented_control(key="picture.source").value == "sample"
    assert app.session_state["_picture"].source == "sample"
    assert "2.png" not in repr(app.session_state)


def test_forgetting_empties_the_pad(open_app):
    app = open_app()
    app.segmented_control(key="picture.source").set_value("draw").run()
    app.session_state["picture.brush"] = {"pixels": "/" * 1045 + "w=="}
    app.run()
    assert any(app.session_state["_drawing"])
    app.button(key="app.forget").click().run()
    app.segmented_control(key="picture.source").set_value("draw").run()
    assert not any(app.session_state["_drawing"])


def test_a_drawing_can_be_kept_in_the_tray(open_app):
    app = open_app()
    app.segmented_control(key="picture.source").set_value("draw").run()
    assert app.button(key="picture.keep").disabled, "an empty pad is no picture"
    app.session_state["picture.brush"] = {"pixels": "/" * 1045 + "w=="}
    app.run()
    app.button(key="picture.keep").click().run()
    assert [each.name for each in tray(app).pictures] == ["Drawing"]


def pasted(data, name="", size=None):
    """A picture as the browser sends it; without data where it was too large for the way."""
    packed = None if data is None else base64.b64encode(data).decode()
    return {"name": name, "size": len(data) if size is None else size, "data": packed}


@pytest.mark.parametrize(
    "sent", [None, 3, "!", [], [3], [{}], [{"name": "a", "size": 1, "data": "!"}],
             [{"name": 1, "size": 1, "data": "QUJD"}], [{"name": "", "size": "1", "data": None}],
             [{"name": "", "size": 1, "data": "A" * 30_000_000}]],
)  # fmt: skip
def test_what_is_pasted_is_pictures_or_changes_nothing(sent, monkeypatch):
    found = []
    monkeypatch.setattr(pictures, "renderer", lambda name: lambda **given: found.append(given))
    monkeypatch.setattr(pictures, "sent", lambda key, name: sent)
    got = []
    pictures.paste(key="paste", is_shown=True, on_paste=got.append)
    found[0]["on_pictures_change"]()
    assert got == []


def test_what_is_pasted_at_once_fits_into_a_message():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxMessageSize"] * 1e6 > pictures.ROOM * 4 / 3
    assert pictures.ROOM >= MAX_BYTES


def test_all_pictures_that_are_pasted_are_taken_or_named(monkeypatch):
    found, got = [], []
    monkeypatch.setattr(pictures, "renderer", lambda name: lambda **given: found.append(given))
    told = [pasted(b"one", "1.png"), pasted(None, "2.png", 99_000_000), pasted(b"three")]
    monkeypatch.setattr(pictures, "sent", lambda key, name: told)
    pictures.paste(key="paste", is_shown=True, on_paste=got.append)
    found[0]["on_pictures_change"]()
    assert got == [[("1.png", 3, b"one"), ("2.png", 99_000_000, None), ("", 5, b"three")]]


def test_pasted_pictures_lie_in_the_tray_and_those_left_out_are_named(monkeypatch):
    kept = {}
    monkeypatch.setattr(intake.album, "tray", lambda: kept.get("tray", Tray()))
    monkeypatch.setattr(intake.album, "set_tray", lambda new: kept.update(tray=new))
    monkeypatch.setattr(intake.album, "set_refusals", lambda new: kept.update(refused=new))
    monkeypatch.setattr(intake.album, "choose_source", lambda new: kept.update(source=new))
    monkeypatch.setattr(intake.show, "patiently", lambda work, message: work())
    read = [
        Pasted("1.png", 9, small(1)), Pasted("", 9, small(2)), Pasted("no.png", 2, b"no"),
        Pasted("2.png", 99_000_000, None), Pasted("3.png", 9_000_000, None),
    ]  # fmt: skip
    intake._read_pasted(read)
    assert [each.name for each in kept["tray"].pictures] == ["1.png", "From the clipboard"]
    refused = {name: str(why) for name, why in kept["refused"]}
    assert list(refused) == ["2.png", "3.png", "no.png"]
    assert "94.5 MB, more than the 10 MB" in refused["2.png"]
    assert refused["3.png"] == "Too many pictures were pasted at once; paste this one by itself."
    assert kept["source"] == "paste"


def test_reset_puts_controls_back_and_keeps_the_tray(open_app):
    app = bring(open_app(), ("2.png", file("digit-2")))
    app.button(key="app.reset").click().run()
    assert not app.exception
    assert app.segmented_control(key="picture.source").value == "sample"
    assert [each.name for each in tray(app).pictures] == ["2.png"]


def test_the_page_says_where_a_picture_goes_and_for_how_long(open_app):
    said = "\n".join(str(each.value) for each in open_app().sidebar.caption)
    assert "never written to disk" in said
    assert "2 minutes" in said


def test_each_photograph_is_credited(open_app):
    assert "CC0" in words(open_app(picture="cat"))


def test_a_photograph_that_is_not_installed_is_a_sentence(open_app, monkeypatch):
    prepared.sample.clear()  # another test may have read it
    monkeypatch.setattr("cnnviz.core.samples.find_spec", lambda name: None)
    app = open_app(picture="grass")
    assert len(app.warning) == 1
    assert not app.exception


def small(value):
    return png(np.full((1, 4, 4), value, np.uint8))


LET_GO = {
    "en": "The tray holds at most 12 pictures and 12 MB; let go to make room:",
    "pt_BR": "A bandeja guarda no máximo 12 imagens e 12 MB; saíram para dar lugar:",
}


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_what_makes_room_in_the_tray_is_named(open_app, lang):
    app = bring(open_app("pixels", lang), *((f"*{n}*.png", small(n)) for n in range(20)))
    assert len(tray(app).pictures) == 12
    assert LET_GO[lang] in [each.value for each in app.info]
    assert "\n".join(f"*{n}*.png" for n in range(8)) in [each.value for each in app.text]
    app = bring(app, ("*19*.png", small(19)))
    assert LET_GO[lang] not in [each.value for each in app.info]


def test_what_makes_room_by_its_size_is_named(open_app):
    rng = np.random.default_rng(0)
    large = [np.repeat(rng.integers(0, 255, (3, 1, 1024), np.uint8), 1024, 1) for _ in range(6)]
    app = bring(open_app("pixels"), *((f"{n}.png", png(each)) for n, each in enumerate(large)))
    assert [each.name for each in tray(app).pictures] == ["2.png", "3.png", "4.png", "5.png"]
    assert "0.png\n1.png" in [each.value for each in app.text]


def test_what_makes_room_for_a_drawing_or_a_pasted_picture_is_named(open_app):
    app = bring(open_app(), *((f"{n}.png", small(n)) for n in range(12)))
    assert LET_GO["en"] not in [each.value for each in app.info]
    app.segmented_control(key="picture.source").set_value("draw").run()
    app.session_state["picture.brush"] = {"pixels": "/" * 1045 + "w=="}
    app.run()
    app.button(key="picture.keep").click().run()
    assert LET_GO["en"] in [each.value for each in app.info]
    assert "0.png" in [each.value for each in app.text]


def test_changes_last_as_long_as_their_picture_can_be_chosen(open_app):
    app = bring(open_app(), *((f"{n}.png", small(n)) for n in range(12)))
    first, *others = (each.digest for each in tray(app).pictures)
    samples = [f"sample {n}" for n in range(40)]
    changed = {key: Changes((Invert(),)) for key in (first, *others, *samples)}
    app.session_state["_changes"] = changed
    app = bring(app, ("12.png", small(12)))
    assert set(app.session_state["_changes"]) == {*others, *samples}
