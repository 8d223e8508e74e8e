"""A run's network and training as a program that runs by itself, its own preparations included."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType

from cnnviz.core.training.program import training_code
from cnnviz.core.training.records import RunRecord
from cnnviz.nn.training import augment, whitening


def training_program(run: RunRecord) -> str:
    """Return the program; see `core.training.program`."""
    return training_code(
        run.spec, run.config, run.plan.dataset, vary=_source(augment), whiten=_source(whitening)
    )


def _source(module: ModuleType) -> str:
    """The source of a module without its docstring and its imports."""
    source = inspect.getsource(module)
    first = next(
        node
        for node in ast.parse(source).body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
    )
    return "\n".join(source.splitlines()[first.lineno - 1 :])
