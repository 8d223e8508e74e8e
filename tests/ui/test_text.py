"""Numbers and sentences in the reader's language."""

from pathlib import Path

import pytest

from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained, Sentence
from cnnviz.nn.data import files
from cnnviz.ui import state, text


@pytest.fixture
def speak(monkeypatch):
    return lambda language: monkeypatch.setattr(state, "language", lambda: language)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["1,234.5", "−2", "99.43%", "8 × 28 × 28", "Nov 23, 2026", "1.50"]),
        ("pt_BR", ["1.234,5", "−2", "99,43%", "8 × 28 × 28", "23 de nov. de 2026", "1,50"]),
    ],
)
def test_numbers_take_the_locales_form(speak, lang, expected):
    speak(lang)
    assert [
        text.number(1234.5),
        text.number(-2),
        text.percent(0.9943, 2),
        text.size((8, 28, 28)),
        text.day("2026-11-23"),
        text.number(1.5, 2, is_fixed=True),
    ] == expected


def test_what_is_rounded_to_nothing_has_no_sign(speak):
    speak("en")
    assert [text.number(each) for each in (-0.0, -0.0001, -0.1)] == ["0", "0", "−0.1"]
    assert text.number(-0.004, 2, is_fixed=True) == "0.00"


def test_the_end_of_a_scale_has_two_digits_at_least(speak):
    """A legend that says “0 … 0” under a full range of colours says nothing."""
    speak("pt_BR")
    said = [text.bound(each, 2) for each in (0.0, 0.00005, -0.00123, 0.25, 12.345, 1.0)]
    assert said == ["0", "0,00005", "−0,0012", "0,25", "12,34", "1"]


def test_a_refusal_is_told_in_the_readers_language_with_its_numbers(speak):
    with pytest.raises(Explained) as caught:
        ConvSpec((3, 3), dilation=20).output_size((28, 28))
    speak("en")
    assert text.say(caught.value) == str(caught.value)
    speak("pt_BR")
    told = text.say(caught.value)
    assert told != str(caught.value)
    assert "41" in told
    assert "28" in told


def test_an_unknown_sentence_stays_english(speak):
    speak("pt_BR")
    assert (
        text.say(Sentence("{count} unheard-of things", {"count": 1.5})) == "1,5 unheard-of things"
    )


def test_of_a_place_on_the_server_a_page_tells_the_end(speak):
    speak("en")
    damaged = files.damaged(Path("/home/ann/.local/data/MNIST/raw/t10k.gz"))
    assert text.say(damaged).startswith("“…/raw/t10k.gz” is damaged")
    assert str(damaged).startswith("“/home/ann/.local/data/MNIST/raw/t10k.gz” is damaged")
    typed = Sentence("“{value}” is none.", {"value": "/a/b/c"})
    assert text.say(typed) == "“/a/b/c” is none."


@pytest.mark.parametrize("data", [None, b"", b"\xff\xfe\x00", b'msgid "a\nmsgstr'])
def test_without_a_whole_catalogue_pages_are_english(tmp_path, monkeypatch, data):
    path = tmp_path / "pt_BR" / "LC_MESSAGES" / "cnnviz.po"
    path.parent.mkdir(parents=True)
    if data is not None:
        path.write_bytes(data)
    monkeypatch.setattr(text, "LOCALES", tmp_path)
    assert text.catalogue.__wrapped__("pt_BR") == {}
