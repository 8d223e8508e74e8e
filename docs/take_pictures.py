"""Takes the screenshots of READMEs and tours, of the running app, in English and Portuguese.

uv run --group e2e python docs/take_pictures.py [address]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
VIEWS = {
    "start": ("?lang=en", "light", 800),
    "start-pt-dark": ("?lang=pt_BR&picture=digit-3", "dark", 800),
    "pixels": ("pixels?lang=en&picture=coffee&cell=150,270", "light", 1000),
    "convolution": ("convolution?lang=en&padding=1", "light", 1180),
    "changing": (
        "convolution?lang=en&picture=cat&edits=crop:20,80,220,300;grey;rotate:5",
        "light",
        1010,
    ),
    "why": ("network?lang=en&picture=digit-5&why=conv2,3,5,5", "light", 1060),
    "train": ("train?lang=en", "light", 1000),
    "classify": ("classify?lang=en", "light", 900),
}


def main(address: str) -> None:
    """Write one PNG a view into docs/pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (path, scheme, height) in VIEWS.items():
            page = browser.new_page(viewport={"width": 1440, "height": height}, color_scheme=scheme)
            page.goto(f"{address}/{path}")
            page.locator("canvas").first.wait_for(timeout=60_000)
            page.wait_for_timeout(4000)
            if name == "why":
                page.locator(".trail").wait_for(timeout=60_000)
                page.locator(".st-key-network-why").evaluate("node => node.scrollIntoView()")
                page.wait_for_timeout(1000)
            if name == "changing":
                page.get_by_text("Change this picture").click()
                page.wait_for_timeout(3000)
            if name == "train":
                _train(page)
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


def _train(page: Page) -> None:
    """Begin a run, and look at it half-way; its owner is this browser alone."""
    epochs = page.locator(".st-key-train-epochs input")
    epochs.fill("120")
    epochs.press("Enter")
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Train this network").click()
    page.get_by_text("of 120 epochs").first.wait_for(timeout=120_000)
    page.get_by_role("heading", name="Now").evaluate("node => node.scrollIntoView()")
    page.wait_for_timeout(2500)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8501")
