"""Every file of the corpus through the page: the right pixels or one sentence, never a fall."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.corpus import CASES
from tests.ui.opening import ROOT


@pytest.fixture(scope="module")
def upload_page():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    app.switch_page("pages/convolution.py").run()
    app.segmented_control(key="picture.source").set_value("upload").run()
    return app


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_a_picture_or_one_sentence(upload_page, case):
    app = upload_page
    before = app.session_state["_picture"]
    app.file_uploader(key="picture.upload").upload(case.filename, case.data).run()
    assert not app.exception
    held = app.session_state["_picture"]
    if case.refused:
        assert len(app.error) == 1
        assert held.digest == before.digest, "the picture from before stays"
    else:
        assert not app.error
        assert held.source == "upload"
        np.testing.assert_allclose(held.image, case.expected, atol=case.tolerance + 1e-6)
