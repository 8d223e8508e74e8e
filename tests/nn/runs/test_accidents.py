"""Accidents on the server: every file that is read back, and every way it can be spoilt."""

import errno
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cnnviz.core.messages import Explained
from cnnviz.nn.runs import (
    ask,
    check_room,
    create_run,
    delete_run,
    list_runs,
    plan_run,
    read_run,
    relabel,
    withdraw,
    worker,
)
from cnnviz.nn.runs import storage as storages
from cnnviz.nn.runs.database import QueueBroken
from cnnviz.nn.runs.files import held, run_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.storage import storage_url
from tests.damage import DAMAGES, wreck
from tests.nn.runs.toys import CONFIG, SPEC, create, done, submit

STILL_A_DATABASE = (
    "deleted",
    "empty",
    "without its last byte",
    "flipped in the middle",
    "flipped at its end",
)
"""Damages that leave SQLite an empty one, or one whose rows are what they were."""


@pytest.fixture
def database(home):
    """An SQLite queue with one waiting run in it."""
    with RunQueue() as queue:
        run_id = submit(queue)
    return Path(storage_url().removeprefix("sqlite:///")), run_id


def test_a_home_that_is_a_file_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "home").write_bytes(b"")
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "home"))
    for call in (
        RunQueue,
        check_room,
        lambda: create_run(SPEC, CONFIG, plan_run("digits", "ann")),
        lambda: held("app-worker").__enter__(),
    ):
        with pytest.raises(Explained, match="Nothing can be saved here") as refusal:
            call()
        assert str(tmp_path) not in str(refusal.value)
    assert list_runs() == ()
    assert (tmp_path / "home").read_bytes() == b""


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO, errno.ENOTDIR])
def test_a_home_that_cannot_be_written_is_one_sentence(monkeypatch, code):
    run_id, paused = done(), create()
    (run_folder(paused) / "pause").touch()

    def refuse(*args, **kwargs):
        raise OSError(code, os.strerror(code), "/srv/secret/place")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr(os, "mkdir", refuse)
    for name in ("unlink", "rename", "replace"):
        monkeypatch.setattr(Path, name, refuse)
    for call in (
        create,
        check_room,
        lambda: ask(run_id, "ann", "stop"),
        lambda: withdraw(paused, "ann", "pause"),
        lambda: relabel(run_id, "ann", read_run(run_id).label),
        lambda: delete_run(run_id, "ann"),
    ):
        with pytest.raises(Explained, match="Nothing can be saved here") as refusal:
            call()
        assert "secret" not in str(refusal.value)
    assert {run.id: run.state for run in list_runs()} == {run_id: "finished", paused: "paused"}


def test_a_disk_with_hardly_any_room_is_full(monkeypatch):
    check_room()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 1000))
    with pytest.raises(Explained, match="The disk is full"):
        check_room()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_queue_is_set_aside_and_made_anew_from_the_runs(database, damage):
    path, run_id = database
    wreck(path, damage)
    with suppress(QueueBroken), RunQueue() as queue:  # found out at once, or in the middle
        queue.waiting()
    with RunQueue() as queue:
        queue.recover()
        assert queue.waiting() == (run_id,)
    kept = [each.name for each in path.parent.iterdir() if ".broken-" in each.name]
    assert len(kept) == (damage not in STILL_A_DATABASE)


def test_a_queue_that_is_another_programs_database_is_set_aside(database):
    path, run_id = database
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE studies (name TEXT)")
        file.execute("CREATE TABLE trials (a TEXT)")
        file.commit()
    assert worker.work(until_idle=True, poll_s=0.02) == 1
    assert read_run(run_id).state == "finished"


def test_a_cell_that_cannot_be_understood_is_damage(database):
    path, run_id = database
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE trials SET state = 'ASLEEP'")
        file.commit()
    with pytest.raises(QueueBroken), RunQueue() as queue:
        queue.waiting()
    with RunQueue() as queue:
        queue.recover()
        assert queue.waiting() == (run_id,)


def test_a_locked_or_full_database_is_left_where_it_is(database, monkeypatch):
    path, run_id = database
    monkeypatch.setattr(storages, "PATIENCE_S", 0.1)
    with RunQueue() as queue:
        with closing(sqlite3.connect(path)) as file:
            file.execute("BEGIN EXCLUSIVE")
            with pytest.raises(QueueBroken, match="database is locked"):
                queue.enqueue(run_id, "ann")
        with queue.storage.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.exec_driver_sql("PRAGMA query_only = ON")
        assert queue.waiting() == (run_id,)
    assert not [each.name for each in path.parent.iterdir() if ".broken-" in each.name]


def test_a_worker_survives_a_queue_that_is_damaged_while_it_trains(database, monkeypatch):
    path, run_id = database
    train_run, waiting = worker.train_run, []

    def train(writer, **more):
        if not waiting:
            path.write_bytes(b"no database" * 1000)
            waiting.append(create())
        return train_run(writer, **more)

    monkeypatch.setattr(worker, "train_run", train)
    worker.work(until_idle=True, poll_s=0.02, grace_s=2, heartbeat_s=1)
    assert {run.id: run.state for run in list_runs()} == dict.fromkeys(
        (run_id, *waiting), "finished"
    )
    assert [each for each in path.parent.iterdir() if ".broken-" in each.name]


def test_a_worker_looks_for_the_queue_that_took_its_place(database, monkeypatch):
    path, run_id = database
    train_run, others = worker.train_run, []

    def train(writer, **more):
        if not others:
            path.rename(path.with_name("elsewhere"))
            with RunQueue() as queue:
                others.append(submit(queue, "bob"))
        return train_run(writer, **more)

    monkeypatch.setattr(worker, "train_run", train)
    assert worker.work(until_idle=True, poll_s=0.02) == 2
    assert {run.id: run.state for run in list_runs()} == dict.fromkeys(
        (run_id, *others), "finished"
    )
