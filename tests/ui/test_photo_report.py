"""The report that the page offers: what the page says, in its language."""

import pytest

from cnnviz.core.photo_networks import PHOTO_NETWORKS
from cnnviz.figures.report import page
from cnnviz.ui import photo_report
from tests.figures.test_report import checked
from tests.ui.test_photos import top5


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_the_report_says_what_the_page_says(open_app, lang, monkeypatch):
    made = []
    monkeypatch.setattr(
        photo_report, "offer", lambda *given: made.append(page(photo_report.report(*given)))
    )
    app = open_app("classify", lang, photograph="cat")
    parsed = checked(made[-1])
    told = " ".join(parsed.text)
    for name in top5(app):
        assert name in told
    card = PHOTO_NETWORKS["lite0"]
    for fact in (card.name, card.source, card.licence, card.sha256, "torch ", "conv"):
        assert fact in told
    assert len(parsed.images) == 4
    assert ("html", "lang", lang.replace("_", "-")) in parsed.attributes
    assert sum("linear-gradient" in str(value) for *_names, value in parsed.attributes) == 1


def test_the_page_offers_it(open_app):
    app = open_app("classify", photograph="coffee")
    assert any(each.proto.label == "Report (HTML, one page)" for each in app.get("download_button"))
