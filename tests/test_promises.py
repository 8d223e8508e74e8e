"""What the safety of a shared server rests on: its configuration, and calls that nobody makes."""

import ast
import io
import re
import tokenize
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
FORBIDDEN = {
    "code from text": r"(?<![.\w])(eval|exec)\(",
    "pickles": r"\bpickle\b|(?<!safetensors\.)torch\.load\(|allow_pickle=True",
    "markup from text": r"unsafe_allow_html|innerHTML|insertAdjacentHTML",
    "global random numbers": r"torch\.manual_seed|np\.random\.seed|random\.seed",
    "hooks on shared networks": r"register_forward_(pre_)?hook",
    "addresses fetched": r"urlopen|requests\.|httpx\.",
}

# What issue 7 allows, line by line: weights of known digest, from an address that a table holds.
ALLOWED = {
    "cnnviz/nn/photos/pretrained.py: "
    'state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)',
    "cnnviz/nn/photos/weight_files.py: "
    "with urllib.request.urlopen(card.url, timeout=TIMEOUT_S) as answer:",
    # In the program that a person takes away, to be run on their own machine.
    "cnnviz/core/photos/answers.py: "
    'weights = torch.load(str(path), map_location="cpu", weights_only=True)',
}


def sources():
    files = [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]
    return files + [p for s in ("*.py", "*.js") for p in (ROOT / "cnnviz").rglob(s)]


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("server", "maxUploadSize", 10),
        ("server", "showEmailPrompt", False),
        ("server", "enableStaticServing", False),
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "viewer"),
        ("browser", "gatherUsageStats", False),
    ],
)
def test_the_server_is_configured_for_a_class(section, name, value):
    assert CONFIG[section][name] == value


def test_both_appearances_are_ours_and_neither_is_locked():
    assert CONFIG["theme"]["light"].keys() == CONFIG["theme"]["dark"].keys()
    assert "base" not in CONFIG["theme"]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nobody_calls(what):
    assert len(sources()) > 50
    calls = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources()
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(FORBIDDEN[what], line)
    ]
    assert set(calls) - ALLOWED == set()


def test_every_cache_is_bounded():
    for path in sources():
        for call in re.findall(r"@st\.cache_\w+(\([^)]*\))?", path.read_text(encoding="utf-8")):
            assert "max_entries" in call, path


def test_pages_keep_to_their_budget():
    assert len((ROOT / "app.py").read_text().splitlines()) <= 40
    for page in (ROOT / "pages").glob("*.py"):
        assert len(page.read_text().splitlines()) <= 100, page


def code_lines(function, lines):
    """Lines of a function's body without docstring, blank lines and comments."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    inside = lines[body[0].lineno - 1 : function.end_lineno] if body else []
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in inside)


def test_modules_and_functions_keep_to_their_budget():
    for path in (ROOT / "cnnviz").rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 250, path
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef):
                assert code_lines(node, lines) <= 40, (path, node.name)


def test_rooms_keep_to_their_budget():
    for folder in {path.parent for path in (ROOT / "cnnviz").rglob("*.py")}:
        names = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(names) <= 16, folder
        families = Counter(name.partition("_")[0] for name in names)
        assert max(families.values(), default=0) < 3, (folder, families)


def test_a_function_is_measured_without_what_is_said_of_it():
    source = 'def f():\n    """Say."""\n\n    # why\n    x = 1\n    return x'
    assert code_lines(ast.parse(source).body[0], source.splitlines()) == 2


HABITS = re.compile(
    r"(?i:\b(likewise|by lot|c[oa]m(e|es|ing) to nothing|go(es|ing)? on on|at hand|until now"
    r"|nobody writes in)\b)|^\s*(\w+: )?Of (?!course)"
)
"""Phrases of another language in English words; what begins with "Of" lacks its noun."""


def explanations(source):
    """Yield each comment, and each docstring's first line and entries, line by line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield from str(node.value.value).splitlines()


def test_docstrings_and_comments_are_in_plain_words():
    files = [p for p in (*sources(), *(ROOT / "benchmarks").rglob("*.py")) if p.suffix == ".py"]
    assert len(files) > 150
    told = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in explanations(path.read_text(encoding="utf-8"))
        if HABITS.search(line)
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("line", ["key: Of the button.", "Of the output.", "# std likewise"])
def test_the_habits_are_recognised(line):
    assert HABITS.search(line)


@pytest.mark.parametrize("line", ["Output channel.", "the sum of all", "Of course it is."])
def test_plain_words_are_left_alone(line):
    assert not HABITS.search(line)
