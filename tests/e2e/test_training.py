"""A run from the click to its end, in a real browser, with the app's own worker."""

import time

import pytest

from cnnviz.nn.runs import list_runs, read_points
from tests.e2e.browser import WRONG, fresh_server, ready

pytestmark = pytest.mark.e2e


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture
def train_page(tmp_path, monkeypatch, open_page):
    """The page of a server with runs of its own."""
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("CNNVIZ_STORAGE", raising=False)
    with fresh_server() as (address, _process):
        page = open_page(f"{address}/train?lang=en&dataset=digits")
        yield page
        page.close()  # before its server goes, of which it would complain


def test_what_was_chosen_outlives_another_language_and_the_next_change(train_page):
    def boxes():
        return [box.input_value() for box in train_page.locator(".stMain .stSelectbox input").all()]

    def pick(box, option):
        box.get_by_role("combobox").click()
        train_page.get_by_role("option", name=option).click()
        train_page.wait_for_timeout(200)
        ready(train_page)

    pick(train_page.locator(".stMain .stSelectbox").first, "CIFAR-10")
    pick(train_page.locator(".st-key-train-pooling1"), "Average")
    pick(train_page.locator(".stSidebar .stSelectbox"), "Português")
    epochs = train_page.locator(".st-key-train-epochs input")
    epochs.fill("7")
    epochs.press("Enter")
    train_page.wait_for_timeout(200)
    ready(train_page)
    assert boxes()[:2] == ["Fotografias coloridas (CIFAR-10)", "Média"]
    assert "dataset=cifar10" in train_page.url
    assert train_page.get_by_role("cell", name="Pooling médio 1").count() == 1


def test_a_closed_tab_neither_stops_nor_loses_a_run_and_a_stop_is_heard(train_page):
    epochs = train_page.locator(".st-key-train-epochs input")
    epochs.fill("200")
    epochs.press("Enter")
    ready(train_page)
    train_page.get_by_role("button", name="Train this network").click()
    train_page.get_by_text("pictures a second").first.wait_for(timeout=60_000)
    (run,) = list_runs()
    context, url = train_page.context, train_page.url
    train_page.close()
    seen = read_points(run.id)[-1].step
    until(lambda: read_points(run.id)[-1].step > seen)
    page = context.new_page()
    page.goto(url)
    page.get_by_text("pictures a second").first.wait_for(timeout=60_000)
    page.locator('[class*="st-key-train-stop"] button').click()
    until(lambda: list_runs()[0].state == "stopped")
    last = read_points(run.id)[-1]
    assert last.step < last.total_steps
    page.get_by_text("is done: its results are below").first.wait_for()
    assert page.locator(WRONG).count() == 0
