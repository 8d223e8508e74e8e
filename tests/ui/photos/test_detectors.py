"""Things found on a photograph, through the page: a stand-in for the weights, and none."""

import pytest

from cnnviz.core.photos.class_names import coco_names
from cnnviz.ui.photos.boxes import MOST_ROWS, detector
from tests.ui.opening import component, words


@pytest.fixture(autouse=True)
def forgotten():
    detector.clear()
    yield
    detector.clear()


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_things_are_boxed_named_and_sorted_out(open_app, entered, lang):
    app = open_app("classify", lang, photograph="cat", ask="find", where="things")
    label = app.button(key="photo.download.ssdlite").label
    assert "MB" in label
    app.button(key="photo.download.ssdlite").click().run()
    assert not app.exception
    app.slider(key="things.score").set_value(0.1).run()
    before, after = component(app, "things.boxes")[0]["stages"]
    assert before["shape"] == after["shape"] == "3 × 300 × 451"
    table = app.table[0].value
    assert set(table.iloc[:, 0]) <= set(filter(None, coco_names(lang)))
    few = int(after["title"].rpartition(" ")[2])
    assert len(table) == min(few, MOST_ROWS)
    app.slider(key="things.iou").set_value(0.95).run()
    _before, after = component(app, "things.boxes")[0]["stages"]
    assert int(after["title"].rpartition(" ")[2]) > few
    app.slider(key="things.score").set_value(0.95).run()
    assert not app.exception
    assert not app.table


@pytest.mark.parametrize("name", ["ssdlite", "fasterrcnn"])
def test_without_a_network_there_is_a_sentence_and_the_rest_stays(
    open_app, monkeypatch, tmp_path, name
):
    from cnnviz.nn.photos import weight_files

    def unreachable(*_args, **_options):
        raise OSError("no route")

    monkeypatch.setattr(weight_files, "_receive", unreachable)
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    app = open_app("classify", ask="find", where="things", detector=name)
    assert "not on this server yet" in words(app)
    app.button(key=f"photo.download.{name}").click().run()
    assert not app.exception
    assert "could not be downloaded" in app.warning[0].value
    assert app.button(key=f"photo.download.{name}")
    assert component(app, "photo.answer")[0]["stages"]
    assert not list(tmp_path.rglob("*.pth"))
