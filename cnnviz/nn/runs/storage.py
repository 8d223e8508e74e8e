"""Optuna's database: SQLite on one machine, PostgreSQL for several. Optuna is imported late.

Runs are folders, and the queue can be made anew from them: a file that is no database, or a damaged
one, is therefore set aside, and an empty one takes its place. A database that is merely out of
reach (a full disk, a file that may not be read, a server that is down) is left alone.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.core.files import disk_full, is_file, is_there, saving, set_aside
from cnnviz.core.messages import N_, Explained
from cnnviz.nn.runs.address import check_is_ours, patience, sound_address
from cnnviz.nn.runs.files import runs_folder

if TYPE_CHECKING:
    import optuna

    Retry = Callable[[optuna.Study, optuna.trial.FrozenTrial], None]

PATIENCE_S = 60
"""Seconds to wait for another process that is writing."""
_IMPORTING = threading.Lock()
_UNWRITABLE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_OUT_OF_REACH = {
    *_UNWRITABLE,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_PROTOCOL,
}
"""What SQLite says of its surroundings, not of the file."""


class QueueBroken(Explained):
    """The queue's database has failed; opening it anew may help."""


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


@contextmanager
def database() -> Iterator[None]:
    """Turn whatever comes of a database that is down or damaged into a sentence.

    Optuna and SQLAlchemy believe what they read: a damaged cell can raise anything.

    Raises:
        QueueBroken: the sentence; what failed is its cause.
    """
    try:
        yield
    except Explained:
        raise
    except Exception as error:
        raise _broken(error) from error


def _broken(error: Exception) -> QueueBroken:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return QueueBroken(disk_full().message)
    if code in _UNWRITABLE:
        return QueueBroken(
            N_(
                "The queue's database cannot be opened or written: whoever runs this server can "
                "mend that. The runs themselves are whole."
            )
        )
    reason = _first(error.__cause__ or error)  # Optuna's own words fit any failure
    return QueueBroken(N_("The queue's database cannot be opened: {reason}."), reason=reason)


def was_over(error: QueueBroken) -> bool:
    """Whether all that failed is that a trial's end had been written down by another process."""
    import optuna

    return any(isinstance(e, optuna.exceptions.UpdateFinishedTrialError) for e in _causes(error))


def _code(error: BaseException) -> int | None:
    """Return what SQLite said, wherever it stands among the causes of an error."""
    said = (getattr(each, "sqlite_errorcode", None) for each in _causes(error))
    return next((code & 0xFF for code in said if code is not None), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


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
    if path is None or not is_there(path) or not _is_damaged(path, error):
        return False
    for ending in ("", "-journal", "-wal", "-shm"):  # or a new one would be mended with the old
        set_aside(path.with_name(f"{path.name}{ending}"))
    return not is_there(path)


def _is_damaged(path: Path, error: QueueBroken) -> bool:
    """Whether a file is no sound database, or one that SQLite can read and Optuna cannot."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            if file.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return True
    except sqlite3.Error as damage:
        return _code(damage) not in _OUT_OF_REACH
    cause, code = error.__cause__, _code(error)
    if code is None:  # an old or a newer Optuna's tables are no damage
        return isinstance(cause, ValueError | LookupError | AssertionError)
    return code not in _OUT_OF_REACH


def _first(error: BaseException) -> str:
    """The first line, without what may follow an @: an address can hold a password."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
