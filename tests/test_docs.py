"""What the documents name is there: modules, names, files, options, pages, links and pins."""

import importlib
import importlib.util
import re
import tomllib
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
)
PACKAGE = {"core", "nn", "figures", "ui", "cli", "locale"}
FILES = r"py|js|css|md|toml|json|txt|po|sqlite3"


def names(text):
    """What stands between single backticks outside of blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))


def is_checked(name):
    """Whether it is a path, or a name with dots: no command, no number, no address of a page."""
    return bool(re.fullmatch(r"[A-Za-z_.][\w.\-]*[./][\w./\-]*(\(\))?", name))


@cache
def public():
    """Every class that `core` or `nn` defines, by its name, and the module it stands in."""
    found = {}
    for floor in ("core", "nn"):
        for path in sorted((ROOT / "cnnviz" / floor).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.M):
                found.setdefault(name, module.removesuffix(".__init__"))
    return found


def attribute(thing, name):
    """An attribute, a module inside a package, or a field of a dataclass that has no default."""
    if is_dataclass(thing) and name in {each.name for each in fields(thing)}:
        return None
    if hasattr(thing, "__path__") and not hasattr(thing, name):
        return importlib.import_module(f"{thing.__name__}.{name}")
    return getattr(thing, name)


def walk(start, parts):
    for part in parts:
        start = attribute(start, part)


def check(name):
    """Return nothing when a name or path is real.

    Raises:
        AttributeError, ImportError, LookupError: it is not.
    """
    if "/" in name or re.search(rf"\.({FILES})$", name) or name.startswith("."):
        places = (ROOT, ROOT / "cnnviz", ROOT / "docs")
        if not any((place / name).exists() for place in places):
            raise LookupError(f"no file {name}")
        return
    first, *rest = name.removesuffix("()").split(".")
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    if first in options:
        options[first][".".join(rest)]
    elif first == "cnnviz" or first in PACKAGE:
        walk(importlib.import_module("cnnviz"), ([] if first == "cnnviz" else [first]) + rest)
    elif first in public():
        walk(importlib.import_module(public()[first]), [first, *rest])
    elif importlib.util.find_spec(first):
        walk(importlib.import_module(first), rest)
    else:
        raise LookupError(f"nothing is called {first}")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_in_a_document_is_real(path):
    wrong = {}
    for name in filter(is_checked, names(path.read_text(encoding="utf-8"))):
        try:
            check(name)
        except (AttributeError, ImportError, LookupError) as error:
            wrong[name] = repr(error)
    assert wrong == {}


@pytest.mark.parametrize(
    "name",
    [
        "core.lab.no_such_module",
        "core.no_such_name",
        "ui.state.no_such_name",
        "nn/no_such_file.py",
        "no_such_file.py",
        "ConvSpec.no_such_field",
        "NoSuchClass.field",
        "torch.nn.NoSuchLayer",
        "runner.noSuchOption",
        "cnnviz.core.edits",
    ],
)
def test_a_made_up_name_is_refused(name):
    assert is_checked(name)
    with pytest.raises((AttributeError, ImportError, LookupError)):
        check(name)


def test_the_documents_are_found_and_their_names_read():
    assert len(DOCUMENTS) >= 16
    checked = [name for path in DOCUMENTS for name in names(path.read_text()) if is_checked(name)]
    assert len(checked) > 100
    for known in ("nn.convolve", "ConvSpec.stride", "runner.postScriptGC", "gc.freeze", "app.py"):
        assert known in checked


def test_classes_in_the_glossary_exist():
    words = names((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    classes = {word for word in words if re.fullmatch(r"[A-Z][a-z]+[A-Za-z]*", word)}
    assert len(classes) > 5
    assert classes - public().keys() == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(path):
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\(((?!http)[^)#]+)[^)]*\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_addresses_are_those_of_pages(path):
    pages = {f"/{page.stem}" for page in (ROOT / "pages").glob("*.py")} | {"/"}
    named = {name for name in names(path.read_text(encoding="utf-8")) if re.match(r"/\w*$", name)}
    assert named <= pages


def test_every_decision_is_listed_and_short():
    folder = ROOT / "docs" / "decisions"
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert [path.name for path in records] == listed
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 40, path.name
        headings = [line for line in lines if line.startswith("## ")]
        assert headings == ["## Context", "## Decision", "## Consequences"], path.name


def test_pins_have_hashes_and_no_addresses():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(-index|-extra|-find|i |f )", text, re.M)
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert all(re.match(r"[\w.\-\[\]]+==\S+", pin) and "--hash=sha256:" in pin for pin in pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[\w.\-]+", each)[0] for each in project["dependencies"]}
    assert wanted <= {re.match(r"[\w.\-]+", pin)[0] for pin in pins}
