"""A real server and how to wait for it; shared by the browser tests."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Streamlit itself asks for these below a page's path before it finds the root; not ours.
WRONG = '[data-testid="stException"], [class*="st-key-app-again"]'
"""What stands where something went wrong: Streamlit's red box, or our way on."""
STREAMLITS_OWN = ("_stcore/health", "_stcore/host-config")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def fresh_server():
    """A server that nobody has visited yet; yields its address and its process."""
    port = free_port()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("cnnviz"), "app", "--port", str(port)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONWARNINGS": "default",
            "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
            "STREAMLIT_SERVER_HEADLESS": "true",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url, process):
    for _ in range(300):
        assert process.poll() is None, "the server stopped before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def note(message, complaints):
    if message.type == "error" and not any(
        own in message.location["url"] for own in STREAMLITS_OWN
    ):
        complaints.append(f"{message.text} ({message.location['url']})")


ALL_BUILT = """() => {
  if (document.querySelector('[data-testid="stSkeleton"]')) return false
  return [...document.querySelectorAll('.stBidiComponent')].every(mounted => {
    const isolated = mounted.querySelector('[data-testid="stBidiComponentIsolated"]')
    const root = isolated?.shadowRoot?.querySelector('.root')
    return isolated?.shadowRoot && (!root || root.childElementCount > 0)
  })
}"""


def ready(page):
    """Wait until the page's script has come to rest and its components have painted."""
    page.locator("h1").first.wait_for(timeout=60_000)
    calm = 0
    for _ in range(1000):
        if calm == 5:
            return
        page.wait_for_timeout(60)
        state = page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")
        calm = calm + 1 if state == "notRunning" and page.evaluate(ALL_BUILT) else 0
    raise TimeoutError("the page did not come to rest within a minute")


def settled(page, action):
    """Do something and wait until the server has answered it."""
    action()
    page.wait_for_timeout(120)
    ready(page)
