"""What the READMEs, the tours and the figures promise is so, in both languages."""

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cnnviz.cli import app

ROOT = Path(__file__).resolve().parents[1]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


README, PORTUGUESE = read("README.md"), read("README.pt-BR.md")
TOUR, PASSEIO = read("docs/tour.md"), read("docs/tour.pt-BR.md")
MEASURED = read("docs/measured.md")
PAIRS = pytest.mark.parametrize(
    ("english", "portuguese"), [(README, PORTUGUESE), (TOUR, PASSEIO)], ids=["readme", "tour"]
)
CODE = re.compile(r"```.*?```", re.S)


def links(text):
    return re.findall(r"\]\(((?!http)[^)#]+)\)", text)


def figures(text):
    """The numbers outside of code, links and versions, as they read in English; how often."""
    prose = re.sub(r"\]\([^)]*\)|`[^`]*`|Python 3\.\d+", "", CODE.sub("", text))
    if text in (PORTUGUESE, PASSEIO):
        prose = prose.translate(str.maketrans(",.", ".,"))
    return Counter(re.findall(r"\d[\d.,]*\d|\d", prose))


def test_its_python_runs_and_reads_the_digit(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("7 0.99")


def test_every_command_is_in_it_and_every_one_in_it_exists():
    registered = {command.name or command.callback.__name__ for command in app.registered_commands}
    written = set(re.findall(r"cnnviz (\w+)(?= )", README)) & (
        registered | {"sweep", "worker", "bench"}
    )
    assert written == registered
    for name in registered:
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("text", [README, PORTUGUESE], ids=["en", "pt-BR"])
def test_it_is_short_has_one_picture_and_leads_on(text):
    assert len(text.encode()) <= 8_000
    assert len(re.findall(r"!\[", text)) == 1
    assert len(links(text)) >= 5
    for path in ("docs/measured.md", "docs/glossary.md", "CONTRIBUTING.md", "LICENSE"):
        assert path in links(text)


def test_its_two_commands_are_the_documented_ones():
    lines = README.splitlines()
    assert "pip install uv && uv run cnnviz app" in lines
    assert "pip install uv && uv run pytest" in lines


def test_the_accuracy_of_mnist_is_the_cards():
    from cnnviz.nn import load_card

    assert f"{load_card('mnist').accuracy:.2%}" in MEASURED.replace(" %", "%")


def test_every_page_has_its_place_in_readme_and_tour():
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}
    for text in (README, PORTUGUESE, TOUR, PASSEIO):
        assert set(re.findall(r"`/(\w*)`", text)) == pages - {"start"} | {""}


def test_what_was_measured_has_its_tables_and_their_files():
    assert len(re.findall(r"^\| -", MEASURED, re.M)) == 4
    rows = [line for line in MEASURED.splitlines() if re.match(r"\| (?!what|-|training for)", line)]
    assert len(rows) >= 35
    assert all(re.search(r"\d|all|none", row.split("|", 2)[2]) for row in rows)
    results = {f"../benchmarks/{path.name}" for path in (ROOT / "benchmarks").glob("results*.md")}
    assert results <= set(links(MEASURED))


@PAIRS
def test_the_portuguese_one_says_the_same(english, portuguese):
    """The same headings, code, pictures, links, lists and figures."""
    assert figures(english) == figures(portuguese)
    ours, theirs = (re.split(r"^## ", text, flags=re.M) for text in (english, portuguese))
    assert len(ours) == len(theirs) >= 7
    assert CODE.findall(english) == CODE.findall(portuguese)
    languages = re.compile(r"(README|tour)(\.pt-BR)?\.md|start(-pt-dark)?\.png")
    assert {each for each in links(english) if not languages.search(each)} == {
        each for each in links(portuguese) if not languages.search(each)
    }
    for section, other in zip(ours[1:], theirs[1:], strict=True):
        bold = re.compile(r"\*\*")
        assert len(bold.findall(section)) == len(bold.findall(other))
        assert section.count("\n- ") == other.count("\n- ")
        assert section.count("![") == other.count("![")
        assert set(re.findall(r"`/\w*`", section)) == set(re.findall(r"`/\w*`", other))
