"""What the README promises is so: its Python runs, its commands exist, its pictures are there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cnnviz.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PORTUGUESE = (ROOT / "README.pt-BR.md").read_text(encoding="utf-8")


def links(text):
    return re.findall(r"\]\(((?!http)[^)#]+)\)", text)


def figures(text):
    """The numbers in the rows of tables, as they read in English."""
    rows = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    if text is PORTUGUESE:
        rows = rows.translate(str.maketrans(",.", ".,"))
    return re.findall(r"\d[\d.,]*\d|\d", rows)


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
def test_its_pictures_and_links_are_there(text):
    assert len(links(text)) >= 5
    assert [path for path in links(text) if not (ROOT / path).is_file()] == []


def test_its_two_commands_are_the_documented_ones():
    lines = README.splitlines()
    assert "pip install uv && uv run cnnviz app" in lines
    assert "pip install uv && uv run pytest" in lines


def test_its_accuracy_is_the_cards():
    from cnnviz.nn import load_card

    assert f"{load_card('mnist').accuracy:.2%}" in README.replace(" %", "%")


def test_the_portuguese_one_says_the_same():
    """The same headings, code, pictures and figures."""
    assert figures(README) == figures(PORTUGUESE)
    english, portuguese = (re.split(r"^## ", text, flags=re.M) for text in (README, PORTUGUESE))
    assert len(english) == len(portuguese) == 7
    code = re.compile(r"```.*?```", re.S)
    assert code.findall(README) == code.findall(PORTUGUESE)
    ours = {"README.md", "README.pt-BR.md"}
    assert set(links(README)) - ours == set(links(PORTUGUESE)) - ours
    for section, other in zip(english[1:], portuguese[1:], strict=True):
        bold = re.compile(r"^\*\*", re.M)
        assert len(bold.findall(section)) == len(bold.findall(other))
        assert section.count("\n- ") == other.count("\n- ")
        assert section.count("\n|") == other.count("\n|")
