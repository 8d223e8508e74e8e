"""The first view waits for no heavy import: run in a process of its own and looked into."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import importlib, sys
from streamlit.testing.v1 import AppTest
from cnnviz.ui import launch, resources
for name in launch._OF_THE_FIRST_VIEW:
    importlib.import_module(name)
before = set(sys.modules)
resources.warm = lambda **_: None  # the background import, which the first view must not need
app = AppTest.from_file("app.py", default_timeout=60)
app.query_params["lang"] = "en"
app.run()
assert not app.exception
assert any(b"probabilities" in each.proto.bytes for each in app.get("bidi_component"))
heavy = {"torch", "torchvision", "safetensors", "cnnviz.figures.classes"}
print(*heavy & sys.modules.keys())
ours = ("cnnviz.", "numpy.", "PIL.", "babel.")
print(*(name for name in sys.modules.keys() - before if name.startswith(ours)))
"""


def test_the_start_page_needs_neither_torch_nor_charts_and_launch_loads_the_rest_before():
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    heavy, late = result.stdout.splitlines()
    assert heavy == ""
    assert late == "", "launch._OF_THE_FIRST_VIEW lacks these"
