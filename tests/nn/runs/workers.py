"""Workers as processes of their own, on whichever database the test has."""

import os
import queue as queues
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import list_runs, read_points, read_run
from cnnviz.nn.runs.files import run_folder
from tests.nn.runs.toys import submit

ROOT = Path(__file__).parents[3]
WORKERS = """
import os, sys, torch
import optuna, sqlalchemy.dialects.sqlite
from cnnviz.nn.runs import train as runs_train
from cnnviz.nn.runs import worker
from cnnviz.nn.data import load_dataset
from cnnviz.nn.training import begin
from tests.nn.runs.toys import CONFIG, SPEC
runs_train.EPOCH_SNAPSHOT_S = 0.0
torch.set_num_threads(1)
run = begin(SPEC, load_dataset("digits"), CONFIG)  # what is imported late is there before forking
for each in run.network.parameters():
    each.grad = torch.zeros_like(each)
run.optimizer.step()

def say(*words):
    os.write(1, (" ".join(map(str, (os.getpid(), *words))) + "\\n").encode())

for line in sys.stdin:
    if os.fork():
        continue
    try:
        say("starts")
        worker.work(
            until_idle=True, heartbeat_s=1, grace_s=int(line), poll_s=0.05,
            report=lambda run_id, state: say(run_id, state),
        )
    finally:
        say("ends")
        os._exit(0)
"""


@contextmanager
def workers():
    """Start worker processes, and hear which run each has ended: (pid, run_id, state)."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKERS], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as parent:  # fmt: skip
        said = queues.Queue()

        def listen():
            for line in parent.stdout:
                said.put(line.split())

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()

        def start(grace_s=5):
            parent.stdin.write(f"{grace_s}\n")
            parent.stdin.flush()

        try:
            yield start, lambda: said.get(timeout=120)
        finally:
            parent.stdin.close()
            listener.join(timeout=120)


def hear_until_all_end(hear, count):
    """What was said until so many workers have ended."""
    lines = []
    while count:
        lines.append(hear())
        count -= lines[-1][1] == "ends"
    return lines


def check_that_two_share_twelve(queue, start, hear):
    # The first run is long: whoever takes it is still at it when the other one has started.
    long = TrainConfig(epochs=40, batch_size=128, device="cpu")
    wanted = {submit(queue, "person 0", config=long)}
    wanted |= {submit(queue, f"person {n}") for n in range(1, 12)}
    start()
    start()
    lines = hear_until_all_end(hear, 2)
    ended = [(pid, words[0]) for pid, *words in lines if words[0].startswith("run-")]
    assert len(ended) == 12
    assert {run_id for _, run_id in ended} == wanted
    assert len({pid for pid, _ in ended}) == 2
    assert {run.state for run in list_runs()} == {"finished"}


def check_that_a_killed_workers_run_is_retried(queue, start, hear):
    run_id = submit(queue, config=TrainConfig(epochs=40, batch_size=128, device="cpu"))
    start(2)
    pid, _ = hear()
    while not (run_folder(run_id) / "snapshot.json").exists():
        time.sleep(0.01)
    os.kill(int(pid), signal.SIGKILL)
    assert read_run(run_id).state == "running"
    start(2)
    lines = hear_until_all_end(hear, 1)
    assert [words for _, *words in lines] == [["starts"], [run_id, "finished"], ["ends"]]
    assert sorted(trial.state.name for trial in queue.study.get_trials()[-2:]) == [
        "COMPLETE",
        "FAIL",
    ]
    epochs = [event.epoch for event in read_points(run_id) if event.accuracy is not None]
    assert epochs == list(range(1, 41))
