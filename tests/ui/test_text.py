"""Numbers and sentences in the reader's language."""

import pytest

from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained, Sentence
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
