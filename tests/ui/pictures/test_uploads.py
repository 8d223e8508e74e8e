"""Every file of the corpus through the page: the right pixels or one sentence, never a fall."""

import hashlib

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui.pictures.picture import MAX_PICTURES
from tests.pictures.corpus import CASES
from tests.ui.opening import ROOT

BATCH = MAX_PICTURES - 2
BATCHES = [CASES[start : start + BATCH] for start in range(0, len(CASES), BATCH)]


@pytest.fixture(scope="module")
def upload_page():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["lang"] = "en"
    app.run()
    app.segmented_control(key="picture.source").set_value("upload").run()
    return app


@pytest.mark.parametrize("cases", BATCHES, ids=lambda cases: cases[0].name)
def test_each_file_is_a_picture_or_one_sentence(upload_page, cases):
    app = upload_page
    for case in cases:
        app.file_uploader[0].upload(case.filename, case.data)
    app.run()
    assert not app.exception
    told = [name for name, _why in app.session_state["_refusals"]]
    assert told == [case.filename for case in cases if case.refused]
    assert len(app.error) == len(told)
    held = {each.digest: each for each in app.session_state["_tray"].pictures}
    for case in cases:
        picture = held.get(hashlib.sha256(case.data).hexdigest())
        assert (picture is None) == case.refused, case.name
        if picture is not None:
            assert picture.image.shape == case.expected.shape, case.name
            tolerance = case.tolerance + 1e-6
            np.testing.assert_allclose(
                picture.image, case.expected, atol=tolerance, err_msg=case.name
            )
    app.button(key="app.forget").click().run()
    app.segmented_control(key="picture.source").set_value("upload").run()
