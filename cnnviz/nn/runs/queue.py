"""The queue of runs: an Optuna study in which a trial is an attempt at a run.

Optuna's storage is queue and liveness: trials wait, are taken, send heartbeats and end. Everything
else of a run is in its folder, and where the two disagree, the folder is right: a trial of a run
that is done, deleted or held by a living process ends itself, and a run that no trial speaks of, as
after a damaged database was set aside, is enqueued again.
"""

from __future__ import annotations

import warnings
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cnnviz.core.files import saving
from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.records import DONE, RunLabel
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import create_run, delete_run, list_runs, owned, plan_run, withdraw
from cnnviz.nn.runs.database import QueueBroken, database
from cnnviz.nn.runs.files import is_held, run_folder, runs_folder, state_of
from cnnviz.nn.runs.storage import PATIENCE_S, identity, mend, named, open_storage, storage_url
from cnnviz.nn.runs.writer import RunWriter

if TYPE_CHECKING:
    import optuna

MOST_RUNS = 4
"""Runs of one person that train or wait: one and three."""
MOST_TRIES = 3
"""Workers that may die of one run before it is given up."""
HEARTBEAT_S, GRACE_S = 10, 60
"""Seconds between signs of life, and without one until a worker counts as dead."""


class RunQueue:
    """The queue in one database, made where it is missing; close it, or use it in a `with`.

    Args:
        url: As SQLAlchemy has them; None: `storage_url()`.
        heartbeat_s: Seconds between signs of life.
        grace_s: Seconds without one until a worker counts as dead.

    Raises:
        Explained: the database cannot be opened; of any method, and of the `with`, that it failed
            or cannot be written. If it is damaged, leaving the `with` sets it aside.
    """

    def __init__(
        self, url: str | None = None, *, heartbeat_s: int = HEARTBEAT_S, grace_s: int = GRACE_S
    ) -> None:
        self._url = storage_url() if url is None else named(url)
        self.storage = open_storage(self._url, heartbeat_s, grace_s, self._retry)
        self._identity = identity(self._url)
        import optuna

        try:
            with database():
                self.study = optuna.create_study(
                    study_name="runs",
                    storage=self.storage,
                    sampler=optuna.samplers.RandomSampler(),
                    direction="maximize",
                    load_if_exists=True,
                )
        except QueueBroken as error:
            self.__exit__(type(error), error)
            raise

    def __enter__(self) -> RunQueue:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, *_traceback: object) -> None:
        self.close()
        if isinstance(error, QueueBroken):
            try:
                mend(self._url, self._identity, error)
            except QueueBroken:
                raise
            except (Explained, TimeoutError):  # what failed before says more
                return

    @property
    def is_current(self) -> bool:
        """Whether the database is still the one that was opened, and no other took its place."""
        return identity(self._url) == self._identity

    def close(self) -> None:
        """Let go of the database."""
        self.storage.remove_session()
        self.storage.engine.dispose()

    def submit(
        self,
        spec: NetworkSpec,
        config: TrainConfig,
        dataset: str,
        owner: str,
        label: RunLabel = RunLabel(),  # noqa: B008 - frozen
    ) -> str:
        """Ask for a run; return its id, or raise `Explained` where that cannot be."""
        with self.alone():
            self.check_count(owner)
            run_id = create_run(spec, config, plan_run(dataset, owner), label)
            try:
                self.enqueue(run_id, owner)
            except QueueBroken:
                delete_run(run_id, owner)  # or a worker would find what was refused
                raise
        return run_id

    def resume(self, run_id: str, owner: str) -> None:
        """Let a paused run wait for a worker again.

        Raises `Explained` as `submit` does, or where the run is not paused; `LookupError` where
        there is no such run, or it is another person's.
        """
        with self.alone():
            if state_of(owned(run_id, owner)).state != "paused":
                raise Explained("The run is not paused.")
            self.check_count(owner)
            withdraw(run_id, owner, "pause")
            self.enqueue(run_id, owner)

    def waiting(self) -> tuple[str, ...]:
        """Return the runs that wait for a worker, in the order in which they will be taken."""
        return tuple(run_id for run_id, _ in self._live("WAITING"))

    def running(self) -> tuple[str, ...]:
        """Return the runs that workers have taken."""
        return tuple(run_id for run_id, _ in self._live("RUNNING"))

    def is_worth_taking(self) -> bool:
        """Whether a worker would find something to do: an owner's runs train one by one."""
        busy = {owner for _, owner in self._live("RUNNING")}
        return any(owner not in busy for _, owner in self._live("WAITING"))

    def is_blocked(self, run_id: str, owner: str) -> bool:
        """Whether another run of the same person is being trained."""
        return any(other == owner and each != run_id for each, other in self._live("RUNNING"))

    def enqueue(self, run_id: str, owner: str) -> None:
        """Let a run wait for a worker, behind the others."""
        with database():
            self.study.enqueue_trial({}, user_attrs={"run_id": run_id, "owner": owner})

    def recover(self, ended: Container[str] = ()) -> None:
        """Fail the trials of dead workers, and enqueue runs that no trial speaks of any more.

        Args:
            ended: Searches that look after their runs no longer; the others do.
        """
        import optuna

        with database(), warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            optuna.storages.fail_stale_trials(self.study)
        with self.alone():
            known = {trial.user_attrs.get("run_id") for trial in self._trials("WAITING", "RUNNING")}
            for run in reversed(list_runs()):
                is_ours = not run.plan.search or run.plan.search in ended
                is_open = run.state in ("waiting", "running") and is_ours
                if is_open and run.id not in known and not is_held(run.id):
                    self.try_again(run.id, run.plan.owner)

    @contextmanager
    def alone(self, name: str = "queue") -> Iterator[None]:
        """Keep other processes with the same `CNNVIZ_HOME` out while the queue changes."""
        from filelock import FileLock

        folder = runs_folder() / ".locks"
        try:
            with saving():
                folder.mkdir(parents=True, exist_ok=True)
                lock = FileLock(folder / name).acquire(timeout=PATIENCE_S)
        except TimeoutError as error:
            raise Explained(
                "Another program has been changing the queue for {seconds} seconds: try again "
                "later.",
                seconds=PATIENCE_S,
            ) from error
        with lock:
            yield

    def _retry(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> None:
        """Called by Optuna for each trial whose worker is dead."""
        run_id, owner = trial.user_attrs.get("run_id"), trial.user_attrs.get("owner")
        if run_id and owner and not is_held(run_id):
            self.try_again(run_id, owner)

    def try_again(self, run_id: str, owner: str) -> None:
        """Enqueue a run that was cut short, by its worker's death or an error of ours.

        After `MOST_TRIES`, it is said to have failed. A run that is done is left alone.
        """
        if not _is_open(run_id):
            return
        died = [trial for trial in self._trials("FAIL") if trial.user_attrs.get("run_id") == run_id]
        if len(died) < MOST_TRIES:
            self.enqueue(run_id, owner)
            return
        with suppress(TimeoutError, Explained), RunWriter(run_id) as writer:
            writer.fail(
                Sentence(
                    "The training was cut short {times} times, and is not tried again.",
                    {"times": len(died)},
                )
            )

    def check_count(self, owner: str) -> None:
        """Raise `Explained` where a person has as many runs as may be."""
        count = [each for _, each in self._live("WAITING", "RUNNING")].count(owner)
        if count >= MOST_RUNS:
            raise Explained(
                "{count} of your runs are training or waiting; there can be no more at a time. "
                "Stop one, or wait until one is done.",
                count=count,
            )

    def _trials(self, *states: str) -> list[optuna.trial.FrozenTrial]:
        import optuna

        wanted = tuple(optuna.trial.TrialState[state] for state in states)
        with database():
            return self.study.get_trials(deepcopy=False, states=wanted)

    def _live(self, *states: str) -> list[tuple[str, str]]:
        """Return run and owner of each trial whose run is still to be trained, each run once."""
        found = {}
        for trial in self._trials(*states):
            run_id = trial.user_attrs.get("run_id", "")
            if _is_open(run_id):
                found[run_id] = trial.user_attrs.get("owner", "")
        return list(found.items())


def _is_open(run_id: str) -> bool:
    try:
        state = state_of(run_folder(run_id)).state
    except LookupError:
        return False
    return state not in (*DONE, "paused")
