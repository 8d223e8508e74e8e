"""What goes wrong in a real server is one sentence, and the app goes on."""

import pytest

from tests.e2e.browser import WRONG
from tests.e2e.pages.serving import serve

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def failing():
    with serve("failing.py") as address:
        yield address


@pytest.mark.parametrize(
    ("where", "has_rest"),
    [
        ("a callback", True),
        ("a callback of a fragment", True),
        ("a fragment", True),
        ("the page", False),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_the_app_goes_on(failing, open_page, where, has_rest):
    page = open_page(failing)
    page.get_by_role("button", name=f"Fail in {where}", exact=True).click()
    said = page.locator('[data-testid="stAlert"]')
    said.first.wait_for()
    page.wait_for_timeout(500)
    assert said.count() == 1
    assert "stands in the server’s log" in said.inner_text()
    assert "secret" not in page.content()
    assert page.locator('[data-testid="stException"]').count() == 0
    assert page.get_by_text("the rest").count() == has_rest
    again = page.locator(WRONG)
    if again.count():
        page.get_by_role("button", name="Try again").click()
    else:
        page.get_by_role("button", name="Fail in the page").click()
        page.get_by_role("button", name="Try again").click()
    said.wait_for(state="detached")
    assert page.get_by_text("the rest").count() == 1
