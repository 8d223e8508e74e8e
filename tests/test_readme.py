"""What the README promises is so: its Python runs, its commands exist, its pictures are there."""

import re
from pathlib import Path

from typer.testing import CliRunner

from cnnviz.cli import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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


def test_its_pictures_and_links_are_there():
    linked = re.findall(r"\]\(((?!http)[^)#]+)\)", README)
    assert len(linked) >= 5
    assert [path for path in linked if not (ROOT / path).is_file()] == []


def test_its_two_commands_are_the_documented_ones():
    lines = README.splitlines()
    assert "pip install uv && uv run streamlit run app.py" in lines
    assert "pip install uv && uv run pytest" in lines


def test_its_accuracy_is_the_cards():
    from cnnviz.nn import load_card

    assert f"{load_card('mnist').accuracy:.2%}" in README.replace(" %", "%")
