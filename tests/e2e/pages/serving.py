"""One server for a script of this folder: a component alone, without the rest of the app."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.browser import ROOT, free_port, wait_for

FOLDER = Path(__file__).parent


@contextmanager
def serve(script, *, folder=ROOT):
    """Yield the address of a server that runs `script`, configured as a folder says."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(FOLDER / script)]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    process = subprocess.Popen(
        [*command, *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
