"""Optuna's database: SQLite on one machine, PostgreSQL for several. Optuna is imported late.

Runs are folders, and the queue can be made anew from them: a file that is no database, or a damaged
one, is therefore set aside, and an empty one takes its place. A database that is merely out of
reach (a full disk, a file that may not be read, a server that is down) is left alone.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.core.files import is_file, is_there, saving, set_aside
from cnnviz.core.messages import N_
from cnnviz.nn.runs.address import check_is_ours, patience, sound_address
from cnnviz.nn.runs.database import QueueBroken, database, is_damaged
from cnnviz.nn.runs.files import runs_folder

if TYPE_CHECKING:
    import optuna

    Retry = Callable[[optuna.Study, optuna.trial.FrozenTrial], None]

PATIENCE_S = 60
"""Seconds to wait for another process that is writing."""
_IMPORTING = threading.Lock()


def storage_url() -> str:
    """Return Optuna's database: `CNNVIZ_STORAGE`, or an SQLite file in `CNNVIZ_HOME`.

    Raises:
        Explained: as `named`.
    """
    given = os.environ.get("CNNVIZ_STORAGE")
    if given:
        return named(given)
    return f"sqlite:///{(runs_folder().parent / 'runs.sqlite3').absolute()}"


def named(url: str) -> str:
    """Return the address of a database that somebody named; only its own are ever touched.

    Raises:
        Explained: it is no address, or the file there holds something else.
    """
    import_storage()
    url = sound_address(url)
    if path := file_of(url):
        check_is_ours(path)
    return url


def import_storage() -> None:
    """Import Optuna and its database, in one thread at a time.

    Optuna's modules import each other: of two threads that are in there together, one sees
    modules that are not finished.
    """
    with _IMPORTING:
        import optuna.storages  # noqa: F401
        import sqlalchemy  # noqa: F401


def open_storage(
    url: str, heartbeat_s: int, grace_s: int, retry: Retry
) -> optuna.storages.RDBStorage:
    """Open Optuna's database, whose tables are made where they are missing.

    Raises:
        Explained: it cannot be opened. What is there and is no database was set aside before.
    """
    import_storage()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)  # why a run failed is told otherwise

    class Storage(optuna.storages.RDBStorage):
        def record_heartbeat(self, trial_id: int) -> None:
            with suppress(QueueBroken), database():  # who cannot give a sign of life still lives
                super().record_heartbeat(trial_id)

    def opened() -> optuna.storages.RDBStorage:
        with database(), warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return Storage(
                url,
                engine_kwargs={"connect_args": patience(url, PATIENCE_S)},
                heartbeat_interval=heartbeat_s,
                grace_period=grace_s,
                heartbeat_stale_trial_callback=retry,
            )

    path = file_of(url)
    with _alone():  # two that make the tables at once collide
        if path is not None and is_there(path) and not is_file(path):
            set_aside(path)  # SQLite would write into a device, too
        try:
            return opened()
        except QueueBroken as error:
            if not _mended(url, error):
                raise
            return opened()


@contextmanager
def _alone() -> Iterator[None]:
    from filelock import FileLock

    with saving():
        runs_folder().mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs_folder().parent / "storage.lock").acquire(timeout=PATIENCE_S)
    with lock:
        yield


def file_of(url: str) -> Path | None:
    """Return where an SQLite database lies; None for one that is elsewhere, or in memory."""
    kind, _, rest = url.partition(":///")
    place = rest.partition("?")[0]
    return Path(place) if kind == "sqlite" and place not in ("", ":memory:") else None


def identity(url: str) -> tuple[int, int] | None:
    """Return what tells this database from another one that takes its place."""
    path = file_of(url)
    try:
        status = path.stat() if path else None
    except OSError:
        status = None
    return (status.st_dev, status.st_ino) if status else None


def mend(url: str, known: tuple[int, int] | None, error: QueueBroken) -> None:
    """Set a damaged SQLite file aside, if it made an error and is the one that was opened.

    Raises:
        QueueBroken: it was; a new one is made when the queue is opened again.
    """
    with _alone():
        if identity(url) == known and _mended(url, error):
            raise QueueBroken(
                N_(
                    "The queue's database was damaged: it was set aside, and a new one is made "
                    "from the runs. Try again."
                )
            ) from error


def _mended(url: str, error: QueueBroken) -> bool:
    path = file_of(url)
    if path is None or not is_there(path) or not is_damaged(path, error):
        return False
    for ending in ("", "-journal", "-wal", "-shm"):  # or a new one would be mended with the old
        set_aside(path.with_name(f"{path.name}{ending}"))
    return not is_there(path)
