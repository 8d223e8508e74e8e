"""The app started in every way a person has, and what a visitor reads off its pages then.

`pytest -m e2e -n0 -s tests/e2e/test_started.py` prints what was read as a table.
"""

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.ui.streamlit_internals import address_in_network
from tests.e2e.browser import ROOT, settled
from tests.e2e.starting import APP, HERE, RUN, Way, started

pytestmark = pytest.mark.e2e

MACHINE = address_in_network()
OURS = "rgb(252, 251, 248)"
"""The colour of `theme.light.backgroundColor`."""
NOBODY = (
    "setpriv", "--reuid=12345", "--regid=12345", "--clear-groups",
    "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search",
)  # fmt: skip
"""Runs a command as somebody who may write nothing, but read all: Python may lie in a home."""


THEIRS = (
    "[server]\nbaseUrlPath = 'theirs'\nmaxUploadSize = 500\naddress = '0.0.0.0'\n"
    "[client]\nshowErrorDetails = 'full'\n[theme.light]\nbackgroundColor = '#00ff00'\n"
)
VARIABLES = {
    "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
    "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "25",
    "STREAMLIT_SERVER_BASE_URL_PATH": "aula/cnn",
}
TOLD = {"limit": "25MB", "is_open": True, "path": "/aula/cnn"}
WAYS = {
    "cnnviz app, in the project": Way(APP, None),
    "cnnviz app, elsewhere": Way(APP),
    "cnnviz app, beside other settings": Way(APP, THEIRS, path="/theirs"),
    "cnnviz app, with variables": Way(APP, "", VARIABLES, **TOLD),
    "cnnviz app, with options": Way(
        (*APP, "--address=0.0.0.0", "--server.maxUploadSize=25", "--server.baseUrlPath=aula/cnn",
         "--client.showErrorDetails=full"), **TOLD,
    ),
    "streamlit run, in the project": Way(RUN, None),
    "streamlit run, elsewhere": Way(RUN),
    "streamlit run, beside other settings": Way(RUN, THEIRS, path="/theirs"),
    "streamlit run, with variables": Way(RUN, "", VARIABLES, **TOLD),
    "uv run --project": Way(
        ("uv", "run", "--no-sync", "--quiet", "--project", str(ROOT), "cnnviz", *APP[1:])
    ),
    "cnnviz app, somebody without a home": Way((*NOBODY, *APP), "", {"HOME": ""}),
    "cnnviz app, a home that cannot be written": Way(
        (*NOBODY, *APP), "", {"HOME": "{folder}", "CNNVIZ_HOME": "~/kept"}
    ),
    "cnnviz app, from a wheel": Way(
        (sys.executable, "-P", "-m", "cnnviz", *APP[1:]), "", {"PYTHONPATH": "{wheel}"}
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, unpacked as an installer does it."""
    place = tmp_path_factory.mktemp("wheel")
    uv = shutil.which("uv")
    assert uv, "the wheel is built by uv"
    subprocess.run([uv, "build", "--quiet", "--wheel", "-o", str(place), str(ROOT)], check=True)
    (built,) = place.glob("*.whl")
    shutil.unpack_archive(built, place / "installed", "zip")
    return str(place / "installed")


@pytest.fixture
def broken(tmp_path):
    """A folder of modules in which Plotly breaks: the page that has charts shows an error.

    Streamlit imports it, too, and is content where it is missing.
    """
    (tmp_path / "broken" / "plotly").mkdir(parents=True)
    (tmp_path / "broken" / "plotly" / "__init__.py").write_text(
        'raise ModuleNotFoundError("broken on purpose")\n', encoding="utf-8"
    )
    return str(tmp_path / "broken")


def is_reached(host, port):
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def read(page, address):
    """What a visitor of /convolution, and of a page that breaks, can tell of the settings."""
    main = page.locator('[data-testid="stMain"]')
    program, link = page.locator('[data-testid="stCode"]').all()[:2]
    settled(page, lambda: page.get_by_role("radio", name="Upload", exact=True).first.click())
    found = {
        "theme": page.evaluate(
            "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        ),
        "limit": re.search(r"\d+MB", main.inner_text())[0],
        "deep link": re.search(r"stride=\d", program.inner_text())[0],
        "link": link.inner_text().strip(),
        "deploy": page.get_by_text("Deploy", exact=True).count(),
    }
    page.goto(f"{address}/train?lang=en")
    error = page.locator('[data-testid="stException"], [data-testid="stAlert"]').first
    error.wait_for(timeout=60_000)
    found["errors"] = error.inner_text().strip().splitlines()[-1].partition(",")[0]
    said = page.locator("body").inner_text()
    found["told of the server"] = [
        word for word in ("broken on", "NotFound", "plotly", ".py", str(ROOT)) if word in said
    ]
    return found


ROWS = []


@pytest.fixture(scope="module", autouse=True)
def table():
    """Printed when all is read."""
    yield
    names = ["way", "address", "theme", "limit", "errors", "deep link", "link"]
    for row in [
        names,
        ["---"] * len(names),
        *([str(each[name]) for name in names] for each in ROWS),
    ]:
        print("|", " | ".join(row), "|")


@pytest.mark.parametrize("name", WAYS)
def test_the_app_is_the_same_however_it_is_started(name, tmp_path, broken, request, open_page):
    way = WAYS[name]
    if way.command[0] == NOBODY[0] and subprocess.run([*NOBODY, "true"], check=False).returncode:
        pytest.skip("only root can become somebody else, by util-linux's setpriv")
    folder = ROOT
    if way.folder is not None:
        folder = tmp_path / "folder"
        (folder / ".streamlit").mkdir(parents=True)
        (folder / ".streamlit" / "config.toml").write_text(way.folder, encoding="utf-8")
    wheel = request.getfixturevalue("wheel") if "PYTHONPATH" in way.variables else None
    with started(way, folder, broken, wheel) as address:
        page = open_page(f"{address}/convolution?lang=en&stride=3&section=take")
        found = read(page, address)
        port = int(address.split(":")[2].split("/")[0])
        heard = "everywhere" if is_reached(MACHINE, port) else "here"
    ROWS.append({"way": name, "address": heard, **found})
    assert found["theme"] == OURS
    assert found["limit"] == way.limit
    assert found["deep link"] == "stride=3"
    assert found["errors"] == "Something went wrong here"
    assert found["told of the server"] == []
    assert found["deploy"] == 0
    if MACHINE != HERE:
        assert heard == ("everywhere" if way.is_open else "here")
    shown = address.replace(HERE, MACHINE) if way.is_open else address
    assert found["link"].startswith(f"{shown}/convolution?")
    assert "stride=3" in found["link"]
    assert not list(Path(tmp_path / "folder").glob("~*"))
