"""No language lacks a string, keeps a dead one, or loses a number on the way."""

import re
import string

import pytest

from cnnviz.ui import text
from cnnviz.ui.state import LANGUAGES
from docs.update_catalogues import ROOT, catalogue, sources

TRANSLATIONS = [language for language in LANGUAGES if language != text.SOURCE]


def fields(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_there_is_something_to_translate():
    assert len(sources()) > 100


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_string_is_there_and_none_is_dead(language):
    held = catalogue(language)
    assert sources() - held.keys() == set()
    assert held.keys() - sources() == set()
    assert [message for message, text in held.items() if not text] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_numbers_survive_translation(language):
    assert {m: t for m, t in catalogue(language).items() if fields(m) != fields(t)} == {}


def test_english_is_the_source_and_every_other_language_has_a_catalogue():
    assert text.SOURCE in LANGUAGES
    assert text.catalogue(text.SOURCE) == {}
    assert {path.name for path in text.LOCALES.iterdir() if path.is_dir()} == set(TRANSLATIONS)
    assert all(text.catalogue(language) == catalogue(language) for language in TRANSLATIONS)


def test_portuguese_is_not_english():
    same = {message for message, text in catalogue("pt_BR").items() if message == text}
    # Names and words that Portuguese writes the same way.
    assert all(len(message) < 25 for message in same)


def test_no_message_hides_in_an_f_string():
    """Babel does not look into them."""
    hidden = [
        f"{path.relative_to(ROOT)}: {match}"
        for folder in ("cnnviz", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for match in re.findall(r"f[\"'].*\{_\([\"'].*", path.read_text(encoding="utf-8"))
    ]
    assert hidden == []
