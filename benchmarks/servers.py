"""Real Streamlit servers to measure, each in a process of its own, and what they use.

Nothing here times anything. Every server reads the product's `.streamlit/config.toml`, so that a
page differs from its reference by its script alone; references collect garbage as Streamlit does
when nobody says otherwise.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app.py"
COMMAND = Path(sys.executable).with_name("cnnviz")
_HERE = Path(__file__).parent
FLOOR = _HERE / "pages" / "floor.py"
NAIVE = _HERE / "pages" / "naive.py"
NAIVE_SIX = _HERE / "pages" / "naive_six.py"
NAIVE_PHOTOS = _HERE / "pages" / "naive_photos.py"
SIX_MAPS = _HERE / "apps" / "six_maps.py"
DEFAULT_GC = _HERE / "apps" / "default_gc.py"
EAGER = _HERE / "apps" / "eager.py"
_SERVER = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}
AS_STREAMLIT_DOES = ("--runner.postScriptGC=true",)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: As in `http://127.0.0.1:8501`.
        process: Its only process.
        log: What it printed; tracebacks of scripts among it.
        started: `time.perf_counter()` just before the process was started.
    """

    address: str
    process: psutil.Popen
    log: IO[bytes]
    started: float

    def cpu_s(self) -> float:
        """CPU seconds used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def rss_mib(self) -> float:
        """Resident memory now."""
        return float(self.process.memory_info().rss) / 2**20

    def tracebacks(self) -> int:
        """Number of tracebacks printed so far."""
        self.log.seek(0)
        return self.log.read().count(b"Traceback (most recent call last)")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(script: Path, *options: str, wait: bool = True) -> Iterator[Server]:
    """Serve a script until the block ends.

    Args:
        script: Run as `streamlit run <script>` from the project's root; the product as its own
            `cnnviz app` does.
        options: Options of the server, in place of the product's own.
        wait: Whether to wait until the server answers.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    if script == APP and not options:
        command = [str(COMMAND), "app", "--port", str(port)]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = psutil.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**os.environ, **_SERVER, "PYTHONPATH": path},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", process, log, started)
        try:
            if wait:
                await_answer(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)


def await_answer(server: Server) -> float:
    """Wait until the port answers; return how many seconds after the process's start."""
    while time.perf_counter() - server.started < 90:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server stopped with {server.process.returncode}")
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return time.perf_counter() - server.started
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{server.address} did not answer within 90 seconds")
