"""Optuna's database: SQLite on one machine, PostgreSQL for several. Optuna is imported late."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnnviz.core.messages import Explained
from cnnviz.nn.runs.files import runs_folder

if TYPE_CHECKING:
    import optuna

    Retry = Callable[[optuna.Study, optuna.trial.FrozenTrial], None]

PATIENCE_S = 60
"""Seconds to wait for another process that is writing."""
_IMPORTING = threading.Lock()


def storage_url() -> str:
    """Return Optuna's database: `CNNVIZ_STORAGE`, or an SQLite file in `CNNVIZ_HOME`."""
    given = os.environ.get("CNNVIZ_STORAGE")
    return given or f"sqlite:///{(runs_folder().parent / 'runs.sqlite3').resolve()}"


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
    """Open Optuna's database, whose tables are made where they are missing."""
    import_storage()
    import optuna
    from filelock import FileLock
    from sqlalchemy.exc import SQLAlchemyError

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    is_file = url.startswith("sqlite")
    runs_folder().mkdir(parents=True, exist_ok=True)
    lock = FileLock(runs_folder().parent / "storage.lock", timeout=PATIENCE_S)
    try:
        with lock, warnings.catch_warnings():  # two that make the tables at once collide
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return optuna.storages.RDBStorage(
                url,
                engine_kwargs={"connect_args": {"timeout": PATIENCE_S}} if is_file else {},
                heartbeat_interval=heartbeat_s,
                grace_period=grace_s,
                heartbeat_stale_trial_callback=retry,
            )
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise Explained(
            "The queue's database cannot be opened: {reason}.", reason=_first(error)
        ) from error


def _first(error: Exception) -> str:
    """The first line, without what may follow an @: an address can hold a password."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
