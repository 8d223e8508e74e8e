"""The app under AppTest: entered through `app.py`, as every visitor is."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui import frame
from tests.ui.opening import ROOT


@pytest.fixture(autouse=True)
def errors_stay_errors(monkeypatch):
    """Streamlit's own red box for what goes wrong: a sentence would hide it from the tests."""
    monkeypatch.setattr(frame, "answer_errors", lambda answer: None)


@pytest.fixture
def open_app():
    """Return a function that opens a page in a language, with optional query parameters."""

    def opened(page="start", lang="en", **query):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page != "start":
            app.switch_page(f"pages/{page}.py")
            app.query_params["lang"] = lang
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception
        return app

    return opened
