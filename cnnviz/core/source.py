"""The source of functions of this project with all that they use, to stand in a program of its own.

A program that has the page's very code cannot say anything else than the page.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

PROJECT = __name__.partition(".")[0]
Place = tuple[str, str]
"""A module, and a name in it."""


class Module(NamedTuple):
    """What a module of the project says.

    Attributes:
        defined: Name → the statements that define it, with a docstring behind them.
        imported: Name → module and name there, or the whole line where it is of another project.
        lines: Its text.
    """

    defined: dict[str, list[ast.stmt]]
    imported: dict[str, Place | str]
    lines: list[str]


def source_of(
    *roots: Callable[..., Any], imports: tuple[str, ...] = (), own: tuple[str, ...] = ()
) -> str:
    """Return import lines, those given among them, and the source of functions or classes.

    All names of this project that they use come along, each behind those that it uses itself. A
    private name that two modules have gets the module's name behind it in one of them. Names in
    `own` are left out: the program says itself what they are.

    Raises:
        ValueError: two modules give one public name to different things.
    """
    found: dict[Place, str] = {}
    lines = set(imports)
    for root in roots:
        _gather((root.__module__, root.__qualname__), found, lines, own)
    text = "\n".join(_merged(lines))
    for each in dict.fromkeys(_told_apart(found)):
        text += ("\n\n\n" if each.startswith(("@", "def ", "class ")) else "\n\n") + each
    return text


def _told_apart(found: dict[Place, str]) -> Iterator[str]:
    """Give the texts, each name in them for one thing alone."""
    first: dict[str, str] = {}
    renamed: dict[str, list[str]] = {}
    for module, name in found:
        if first.setdefault(name, module) != module:
            if not name.startswith("_"):
                raise ValueError(f"{name} is something else in {first[name]} than in {module}")
            renamed.setdefault(module, []).append(name)
    for (module, _name), text in found.items():
        for name in renamed.get(module, ()):
            text = re.sub(rf"\b{name}\b", f"{name}_{module.rpartition('.')[2]}", text)
        yield text


def _merged(lines: set[str]) -> list[str]:
    """Sort import lines; what comes from one module is on one line."""
    names: dict[str, list[str]] = {}
    for line in sorted(lines):
        start, comes_from, name = line.partition(" import ")
        names.setdefault(start if comes_from else line, []).append(name)
    merged = [f"{key} import {', '.join(each)}" if each[0] else key for key, each in names.items()]
    return sorted(merged, key=lambda line: (line.startswith("from"), line))


def _gather(place: Place, found: dict[Place, str], lines: set[str], own: tuple[str, ...]) -> None:
    """Add a name's definition behind what it uses; a name that is none of a module's is left."""
    module, name = place
    if name in own:
        return
    read = _read(module)
    source = read.imported.get(name, "")
    if isinstance(source, tuple):
        _gather(source, found, lines, own)
    elif source:
        lines.add(source)
    elif name in read.defined and place not in found:
        found[place] = ""
        for used in _used(read.defined[name]):
            _gather((module, used), found, lines, own)
        del found[place]  # it comes behind what it uses
        found[place] = "\n".join(_text(read, name))


def _used(statements: list[ast.stmt]) -> Iterator[str]:
    """Name what statements use, in the order in which they do."""
    nodes = (node for statement in statements for node in ast.walk(statement))
    return (node.id for node in nodes if isinstance(node, ast.Name))


def _text(read: Module, name: str) -> Iterator[str]:
    first, last = read.defined[name][0], read.defined[name][-1]
    decorators = getattr(first, "decorator_list", [])
    start = min(each.lineno for each in (first, *decorators))
    return iter(read.lines[start - 1 : last.end_lineno])


@cache
def _read(module: str) -> Module:
    text = inspect.getsource(importlib.import_module(module))
    read = Module({}, {}, text.splitlines())
    names: list[str] = []
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            read.imported.update(_imports(statement))
        elif isinstance(statement, ast.Expr):  # the docstring of a constant
            for name in names:
                read.defined[name].append(statement)
            names = []
        else:
            names = _names(statement)
            read.defined.update((name, [statement]) for name in names)
    return read


def _names(statement: ast.stmt) -> list[str]:
    """Name what a statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
    nodes = (node for target in targets for node in ast.walk(target))
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Place | str]]:
    """Name what an import brings."""
    module = getattr(statement, "module", None)
    for each in statement.names:
        name, alias = each.asname or each.name, f" as {each.asname}" if each.asname else ""
        if module and module.partition(".")[0] == PROJECT:
            yield name, (module, each.name)
        else:
            start = f"from {module} import" if module else "import"
            yield name, f"{start} {each.name}{alias}"
