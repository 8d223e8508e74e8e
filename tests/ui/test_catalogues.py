"""No language lacks a string, keeps a dead one, or loses a number on the way."""

import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from cnnviz.ui.state import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "Explained": None, "Sentence": None}


@cache
def sources():
    """Every message marked in the code."""
    found = set()
    for folder in ("cnnviz", "pages"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def catalogue(language):
    with (ROOT / "cnnviz" / "locale" / language / "LC_MESSAGES" / "cnnviz.po").open("rb") as file:
        return {m.id: m.string for m in read_po(file) if m.id}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_something_to_translate():
    assert len(sources()) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_there_and_none_is_dead(language):
    held = catalogue(language)
    assert sources() - held.keys() == set()
    assert held.keys() - sources() == set()
    assert [message for message, text in held.items() if not text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_survive_translation(language):
    assert {m: t for m, t in catalogue(language).items() if fields(m) != fields(t)} == {}


def test_english_is_the_source():
    assert all(message == text for message, text in catalogue("en").items())


def test_portuguese_is_not_english():
    same = {message for message, text in catalogue("pt_BR").items() if message == text}
    # Names and words that Portuguese writes the same way.
    assert all(len(message) < 25 for message in same)
