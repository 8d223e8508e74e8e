"""What comes of a database that is down or damaged, told apart and put into a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cnnviz.core.files import disk_full
from cnnviz.core.messages import N_, Explained

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


def is_damaged(path: Path, error: QueueBroken) -> bool:
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
