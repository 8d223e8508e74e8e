"""What pages show while something takes its time."""

import time

import pytest

from cnnviz.core.messages import Explained
from cnnviz.ui import show


class Place:
    """Where a bar would be: what was put there."""

    def __init__(self):
        self.shares = []
        self.is_empty = True

    def progress(self, share, message):
        self.shares.append(share)
        self.is_empty = False
        assert message == "Reading"

    def empty(self):
        self.is_empty = True


@pytest.fixture
def place(monkeypatch):
    made = Place()
    monkeypatch.setattr(show.st, "empty", lambda: made)
    return made


def test_what_is_quick_shows_no_bar(place):
    assert show.patiently(lambda: 7, "Reading") == 7
    assert place.shares == []


def test_what_is_slow_shows_a_bar_that_grows_and_goes(place, monkeypatch):
    monkeypatch.setattr(show, "_SOON_S", 0.01)
    assert show.patiently(lambda: time.sleep(0.7) or 7, "Reading") == 7
    assert len(place.shares) >= 2
    assert place.shares == sorted(place.shares)
    assert all(0 <= share < 1 for share in place.shares)
    assert place.is_empty


@pytest.mark.parametrize("error", [Explained("No."), TimeoutError("of its own")])
def test_an_error_comes_through_and_the_bar_goes(place, error):
    def fail():
        raise error

    with pytest.raises(type(error)):
        show.patiently(fail, "Reading")
    assert place.is_empty
