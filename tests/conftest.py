"""What all tests share: no refusal may be raised whose sentence nobody marked for translation."""

from importlib.util import find_spec

import pytest

from cnnviz.core.messages import Explained

# The browser tests need the group `e2e`, which the README's command does not install.
collect_ignore = [] if find_spec("playwright") else ["e2e"]


@pytest.fixture(scope="session", autouse=True)
def every_refusal_can_be_translated():
    """Record each message that any test makes the code raise; all must be in the catalogues."""
    from docs.update_catalogues import catalogue

    raised, initialise = set(), Explained.__init__

    def recorded(self, message, **numbers):
        raised.add(message)
        initialise(self, message, **numbers)

    Explained.__init__ = recorded
    yield
    Explained.__init__ = initialise
    assert raised - catalogue("pt_BR").keys() == set()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A `CNNVIZ_HOME` of the test's own, its queue there, and one thread."""
    import torch

    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("CNNVIZ_STORAGE", raising=False)
    torch.set_num_threads(1)
    return tmp_path
