"""Addresses of databases as people write them: taken, or one sentence; nobody's file is touched."""

import os
import sqlite3

import pytest

from cnnviz.core.messages import Explained
from cnnviz.nn.runs.address import sound_address
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.storage import storage_url


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgres+psycopg://u@h:5432/d", "postgresql+psycopg://u@h:5432/d"),
        (" sqlite:////tmp/x.sqlite3\n", "sqlite:////tmp/x.sqlite3"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_what_hosts_write_is_taken(written, meant, monkeypatch):
    monkeypatch.setattr(
        "sqlalchemy.dialects.postgresql.psycopg.PGDialect_psycopg.import_dbapi", lambda: None
    )
    assert sound_address(written) == meant


@pytest.mark.parametrize(
    "url",
    [
        "", "runs.sqlite3", "/srv/runs.sqlite3", "redis://h", "http://h/x", "://", "sqlite",
        "postgresql://u:secret@h:port/d", "postgresql+no://u:secret@h/d", "ü", "secret@h",
    ],
)  # fmt: skip
def test_what_is_no_address_is_one_sentence(url, monkeypatch):
    with pytest.raises(Explained, match="is none that is known here: write sqlite:") as why:
        RunQueue(url)
    assert "secret" not in str(why.value)
    if url:
        monkeypatch.setenv("CNNVIZ_STORAGE", url)
        with pytest.raises(Explained, match="is none that is known here"):
            storage_url()


def test_an_empty_variable_is_none(monkeypatch):
    own = storage_url()
    monkeypatch.setenv("CNNVIZ_STORAGE", "")
    assert storage_url() == own


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:///~/q.sqlite3", "{home}/q.sqlite3"),
        ("sqlite+pysqlite:///~/a b/q?timeout=5", "{home}/a b/q"),
        ("sqlite:///~nobody-at-all/q", "~nobody-at-all/q"),
        ("sqlite:////tmp/~/q", "/tmp/~/q"),
    ],
)
def test_a_file_in_the_home_may_be_named_by_a_tilde(tmp_path, monkeypatch, given, path):
    from sqlalchemy.engine import make_url

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CNNVIZ_STORAGE", given)
    assert make_url(storage_url()).database == path.format(home=tmp_path)


def test_a_driver_that_is_missing_is_named():
    with pytest.raises(Explained, match="needs the Python package MySQLdb, which is not inst"):
        RunQueue("mysql://u:p@h/d")


def test_a_server_that_is_down_is_one_sentence(monkeypatch):
    pytest.importorskip("psycopg")
    with pytest.raises(Explained, match="The queue's database cannot be opened: ") as why:
        RunQueue("postgres://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(why.value)
    assert "\n" not in str(why.value)


def other_database(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE bookmarks (name TEXT)")
    file.close()


@pytest.mark.parametrize(
    "make",
    [
        other_database,
        lambda path: path.write_bytes(b"\xff\xd8\xff" + bytes(5000)),
        lambda path: path.write_text("notes"),
        lambda path: path.mkdir(),
        lambda path: os.mkfifo(path),
    ],
)
def test_what_somebody_named_by_mistake_is_left_alone(tmp_path, make):
    place = tmp_path / "mine"
    place.mkdir()
    make(place / "photo.jpg")
    before = (place / "photo.jpg").lstat()
    with pytest.raises(Explained, match="is not a database of this program"):
        RunQueue(f"sqlite:///{place}/photo.jpg")
    assert [each.name for each in place.iterdir()] == ["photo.jpg"]
    assert (place / "photo.jpg").lstat() == before


def test_a_file_that_is_empty_or_ours_is_taken(tmp_path):
    path = tmp_path / "queue.db"
    path.touch()
    for _ in range(2):
        with RunQueue(f"sqlite:///{path}") as queue:
            assert queue.waiting() == ()
