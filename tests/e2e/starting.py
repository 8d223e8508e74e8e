"""The app started as a person starts it: by a command, in a folder, with variables."""

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.browser import ROOT, free_port, wait_for

BIN = Path(sys.executable).parent
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Way:
    """How the app is started, and what is to be read off its pages.

    Attributes:
        command: {app}, {port} and {folder} are filled in.
        folder: Where it is started: the project's, or what is made of these settings elsewhere.
        variables: Of the environment; an empty one is unset.
        limit: The most a picture may have, as the page says it.
        is_open: Whether others on the network can connect.
        path: Under which the pages lie.
    """

    command: tuple[str, ...]
    folder: str | None = ""
    variables: dict[str, str] = field(default_factory=dict)
    limit: str = "10MB"
    is_open: bool = False
    path: str = ""


APP = (str(BIN / "cnnviz"), "app", "--port", "{port}")
RUN = (str(BIN / "streamlit"), "run", "{app}", "--server.port={port}")


@contextmanager
def started(way, folder=ROOT, modules="", wheel=None):
    """A server started in this way; yields the address of its start page."""
    port = free_port()
    given = {"app": ROOT / "app.py", "port": port, "folder": folder, "wheel": wheel}
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")
    }
    variables["STREAMLIT_SERVER_HEADLESS"] = "true"
    variables |= {name: value.format(**given) for name, value in way.variables.items()}
    variables = {name: value for name, value in variables.items() if value}
    variables["PYTHONPATH"] = os.pathsep.join([modules, *filter(None, [wheel])])
    process = subprocess.Popen(
        [word.format(**given) for word in way.command],
        cwd=folder,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://{HERE}:{port}{way.path}/_stcore/health", process)
        yield f"http://{HERE}:{port}{way.path}"
    finally:
        process.terminate()
        process.wait(timeout=20)
