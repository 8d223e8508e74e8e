"""What the tests of pages share: where the app is, which pages it has, what a page says."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("start", "convolution", "network")


def words(app):
    """Every text that the page shows, in one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.text)
    alerts = (app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in (*kinds, *alerts) for element in kind)
