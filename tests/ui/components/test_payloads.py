"""What Python tells a component and what its script expects have the same fields."""

import inspect
import re
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import is_typeddict

import pytest

from cnnviz.ui import components

FOLDER = Path(components.__file__).parent
SHAPE = re.compile(r"@typedef \{\{(.*?)\}\} (\w+)", re.S)
INNER = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|<[^<>]*>")
FIELD = re.compile(r"(?:^|,)\s*(\w+)\??:")


def told(folder):
    """Name → fields of every record that the scripts of a folder declare."""
    found = {}
    for file in (FOLDER / folder).glob("*.js"):
        for body, name in SHAPE.findall(file.read_text(encoding="utf-8")):
            flat = re.sub(r"^ \* ?", "", body, flags=re.M)
            while INNER.search(flat):
                flat = INNER.sub("", flat)
            found[name] = set(FIELD.findall(flat))
    return found


def sent(folder):
    """Name → fields of every record that the modules of a folder declare."""
    found = {}
    for file in (FOLDER / folder).glob("*.py"):
        stem = "" if file.stem == "__init__" else f".{file.stem}"
        module = import_module(f"{components.__name__}.{folder}{stem}")
        for name, each in inspect.getmembers(module, inspect.isclass):
            if is_typeddict(each):
                found[name] = set(each.__annotations__)
            elif is_dataclass(each):
                found[name] = {field.name for field in fields(each)}
            elif hasattr(each, "_fields"):
                found[name] = set(each._fields)
    return found


def typed(folder):
    return {name for name in sent(folder) if name.endswith("Header") and name != "PlanesHeader"}


COMPONENTS = sorted({file.parent.name for file in FOLDER.glob("*/*.js")} - {"lib"})


@pytest.mark.parametrize("folder", COMPONENTS)
def test_scripts_and_modules_name_the_same_fields(folder):
    python, script = sent(folder), told(folder)
    assert typed(folder), "each component says what its script is told"
    assert typed(folder) <= script.keys()
    for name, expected in script.items():
        assert python[name] == expected, name


def test_fields_are_read_whatever_is_nested_in_them():
    declared = told("wall")["WallStage"]
    assert {"id", "door", "curve", "classes", "scale"} <= declared
    assert not declared & {"label_", "href", "text"}
