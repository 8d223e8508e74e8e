"""The queue on a real PostgreSQL, as on several machines: two workers, and one killed."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from cnnviz.nn.runs.queue import RunQueue
from tests.nn.runs.workers import (
    check_that_a_killed_workers_run_is_retried,
    check_that_two_share_twelve,
    workers,
)

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not BINARIES, reason="Debian's package postgresql is not installed"),
    pytest.mark.skipif(not find_spec("psycopg"), reason="psycopg is not installed"),
]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    """A server of its own in a temporary folder; PostgreSQL refuses to be run by root."""
    folder, port = Path(tempfile.mkdtemp(prefix="cnnviz-postgres-")), free_port()
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        shutil.chown(folder, user)

    def run(name, *arguments):
        before = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
        command = [*before, str(BINARIES[-1] / name), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-U", "cnnviz", "-N")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://cnnviz@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def queue(server, tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    monkeypatch.setenv("CNNVIZ_STORAGE", server)
    torch.set_num_threads(1)
    with RunQueue(heartbeat_s=1, grace_s=2) as opened:
        yield opened


def test_two_workers_share_twelve_runs_and_a_killed_ones_is_retried(queue):
    with workers() as (start, hear):
        check_that_two_share_twelve(queue, start, hear)
        check_that_a_killed_workers_run_is_retried(queue, start, hear)
    assert not list(Path(os.environ["CNNVIZ_HOME"]).glob("*.sqlite3"))
