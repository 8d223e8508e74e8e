"""The Optuna study of a search: chooses the next run, gives up hopeless ones, names the best."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.records import DONE, RunRecord
from cnnviz.core.training.search import Search, suggest_config, suggest_network
from cnnviz.nn.runs import create_run, list_runs, plan_run, read_run
from cnnviz.nn.runs.database import QueueBroken, database
from cnnviz.nn.runs.train import Judge

if TYPE_CHECKING:
    import optuna

UNTOUCHED_RUNS = 4
"""Runs that are trained to their end before any is given up; of those, the median decides."""
MOST_MISFITS = 30
"""Networks that may fit no picture, one after the other: then none in these ranges does."""
_LATE = N_("It was given up after epoch {epoch}: the time of its search was over.")
_HOPELESS = N_("It was given up after epoch {epoch}: most runs of its search were better by then.")


class SearchStudy:
    """One trial a run; a trial that runs is a run that is open. Made where it is missing.

    Every method raises `QueueBroken` where the database fails. Where it was lost, the search goes
    on from its runs' folders: they tell which are open and how many there were, though not what was
    learnt from them.

    Attributes:
        misfit: Why the network that was chosen last fits no picture; None where it does.
    """

    misfit: Explained | None = None

    @database()
    def __init__(self, search: Search, storage: optuna.storages.RDBStorage) -> None:
        import optuna

        self._search, self._storage = search, storage
        self._study = optuna.create_study(
            study_name=search.id,
            storage=storage,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=UNTOUCHED_RUNS),
            direction="maximize",
            load_if_exists=True,
        )
        tried = len(self._study.get_trials(deepcopy=False))  # or each process would begin alike
        seed = (search.config.seed + tried) % 2**32
        self._study.sampler = optuna.samplers.TPESampler(seed=seed)

    @database()
    def open_runs(self) -> list[RunRecord]:
        """Tell the study how runs have ended; return those that are still open, in their order."""
        still_open = {run.id: run for run in self._runs() if run.state not in DONE}
        for trial in self._open_trials():
            run = _run_of(trial)
            if run is None or run.state in DONE:
                self._tell(trial, run)
            else:
                still_open.setdefault(run.id, run)
        return list(still_open.values())

    def _runs(self) -> list[RunRecord]:
        """Return what the folders say of the search's runs, the oldest first."""
        return [run for run in reversed(list_runs()) if run.plan.search == self._search.id]

    @database()
    def choose(self) -> str | None:
        """Make the next run whose layers fit; return its id, or None where the budget is spent."""
        import optuna

        search = self._search
        begun = len(self._runs())
        for _ in range(MOST_MISFITS):
            tried = max(begun, len(self._study.get_trials(deepcopy=False)))
            if tried >= search.most_runs or search.is_late:
                return None
            with warnings.catch_warnings():  # the run's lock is the sign of life
                warnings.simplefilter("ignore", UserWarning)
                trial = self._study.ask()
            try:
                spec = suggest_network(trial, search.dataset, search.ranges)
            except Explained as error:  # the sampler learns to avoid it
                self.misfit = error
                self._study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                continue
            config = suggest_config(trial, search.config, search.ranges)
            plan = plan_run(search.dataset, search.owner, search=search.id)
            run_id = create_run(spec, config, plan)
            self.misfit = None
            trial.set_user_attr("run_id", run_id)
            return run_id
        return None

    @database()
    def judge(self, run_id: str) -> Judge:
        """Return what says, after every epoch of a run, why it is given up, if it is."""
        import optuna

        open_trials = {each.user_attrs.get("run_id"): each for each in self._open_trials()}
        if run_id not in open_trials:
            return lambda event: None
        trial_id = self._storage.get_trial_id_from_study_id_trial_number(
            self._storage.get_study_id_from_name(self._search.id), open_trials[run_id].number
        )
        trial = optuna.trial.Trial(self._study, trial_id)

        def judge(event: TrainEvent) -> Sentence | None:
            is_hopeless = False
            with suppress(QueueBroken), database():  # what it cannot take down harms no run
                trial.report(event.accuracy or 0.0, event.epoch)
                is_hopeless = trial.should_prune()
            if self._search.is_late:
                return Sentence(_LATE, {"epoch": event.epoch})
            return Sentence(_HOPELESS, {"epoch": event.epoch}) if is_hopeless else None

        return judge

    @database()
    def best(self) -> str:
        """Return the most accurate run trained to its end; `Explained` where there is none."""
        try:
            return str(self._study.best_trial.user_attrs["run_id"])
        except ValueError as error:
            raise self._why_none() from error

    def _why_none(self) -> Explained:
        if self.misfit is not None:
            return Explained(
                "No network within these ranges fits the pictures. {reason}",
                reason=str(self.misfit),
            )
        runs = self._runs()
        if any(run.state == "running" for run in runs):
            return Explained("No run of the search has come to its end yet: some still train.")
        reason = next((run.reason for run in reversed(runs) if run.reason is not None), None)
        if reason is None:
            return Explained("No run of the search came to its end: give it more time.")
        return Explained(
            "No run of the search came to its end. The last one: {reason}", reason=str(reason)
        )

    def _open_trials(self) -> list[optuna.trial.FrozenTrial]:
        import optuna

        return self._study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,))

    def _tell(self, trial: optuna.trial.FrozenTrial, run: RunRecord | None) -> None:
        import optuna

        accuracy = run.last.accuracy if run is not None and run.last else None
        if run is not None and run.state == "finished" and accuracy is not None:
            self._study.tell(trial.number, accuracy)
            return
        is_pruned = run is not None and run.state == "pruned" and bool(trial.intermediate_values)
        state = optuna.trial.TrialState.PRUNED if is_pruned else optuna.trial.TrialState.FAIL
        self._study.tell(trial.number, state=state)


def _run_of(trial: optuna.trial.FrozenTrial) -> RunRecord | None:
    with suppress(LookupError, Explained):
        return read_run(str(trial.user_attrs.get("run_id", "")))
    return None
