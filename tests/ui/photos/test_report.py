"""The report that the page offers: what the page says, in its language."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.core.photos.networks import PHOTO_NETWORKS
from tests.figures.html import checked
from tests.ui.opening import top5


def offered(monkeypatch):
    """Return the functions that make the files, by the keys of their buttons."""
    import streamlit as st

    makers, real = {}, st.download_button

    def button(label, data, *rest, key, **options):
        makers[key] = data
        return real(label, data, *rest, key=key, **options)

    monkeypatch.setattr(st, "download_button", button)
    return makers


def made_elsewhere(make):
    """What a maker returns in a thread of its own: Streamlit calls it outside of any session."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result(60)


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_the_report_says_what_the_page_says(open_app, lang, monkeypatch):
    makers = offered(monkeypatch)
    app = open_app("classify", lang, photograph="cat")
    made = made_elsewhere(makers["photo.report"])
    parsed = checked(made)
    told = " ".join(parsed.text)
    for name in top5(app):
        assert name in told
    card = PHOTO_NETWORKS["lite0"]
    for fact in (card.name, card.source, card.licence, card.sha256, "torch ", "conv"):
        assert fact in told
    assert len(parsed.images) == 4
    assert ("html", "lang", lang.replace("_", "-")) in parsed.attributes
    assert sum("linear-gradient" in str(value) for *_names, value in parsed.attributes) == 1


def test_every_download_can_be_made_outside_of_the_session(open_app, monkeypatch):
    makers = offered(monkeypatch)
    open_app("classify", photograph="coffee")
    wanted = {"photo.csv", "photo.png", "photo.code", "photo.overlay", "photo.report"}
    assert wanted <= set(makers)
    assert all(made_elsewhere(makers[key]) for key in wanted)
