"""The address of Optuna's database, as people write it, checked before anything is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from cnnviz.core.files import is_file, is_there
from cnnviz.core.messages import Explained

_OURS = {"studies", "version_info", "alembic_version"}
"""Tables that Optuna makes first."""
_CONNECT_S = 10
"""Seconds to wait for a server that does not answer."""


def sound_address(url: str) -> str:
    """Return an address as SQLAlchemy has it, from one as people write it.

    `postgres://`, as many hosts have it, is taken, and `sqlite:///~/file` means the home.

    Raises:
        Explained: it is none, or needs a package that is not installed.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    kind, mark, rest = url.strip().partition("://")
    kind, plus, driver = kind.partition("+")
    kind = "postgresql" if kind == "postgres" else kind
    if kind == "postgresql" and not plus:
        plus, driver = "+", "psycopg"
    if kind == "sqlite" and rest.startswith("/~"):
        with suppress(RuntimeError):  # nobody's home
            rest = f"/{Path(rest[1:]).expanduser()}"
    sound = f"{kind}{plus}{driver}{mark}{rest}"
    try:
        make_url(sound).get_dialect().import_dbapi()
    except (ArgumentError, ValueError) as error:
        raise Explained(
            "The address of the queue's database is none that is known here: write "
            "sqlite:////folder/file, or postgresql://user@server/name."
        ) from error
    except ImportError as error:
        raise Explained(
            "The queue's database needs the Python package {name}, which is not installed here.",
            name=error.name or driver,
        ) from error
    return sound


def patience(url: str, patience_s: int) -> dict[str, int]:
    """Return how long a database is waited for, as its driver is told."""
    if url.startswith("sqlite"):
        return {"timeout": patience_s}
    return {"connect_timeout": _CONNECT_S} if url.startswith("postgresql") else {}


def check_is_ours(path: Path) -> None:
    """Refuse a file that somebody named and that holds something else: it is not to be touched.

    Raises:
        Explained: it is another program's database, or none.
    """
    names = {""} if is_there(path) and not is_file(path) else _tables(path)
    if names and names.isdisjoint(_OURS):
        raise Explained(
            "“{name}” is not a database of this program: name another file for the queue.",
            name=path.name,
        )


def _tables(path: Path) -> set[str]:
    """The names in a database; none where there is none yet or it is in use, "" in other files."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    except sqlite3.OperationalError:
        return set()
    except (sqlite3.DatabaseError, ValueError):
        return {""}
