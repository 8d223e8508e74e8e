"""What exported programs have in common: what has to be installed for them, and texts in them.

The versions are those that cnnviz itself asks for, so that what a program claims is what was tried.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable
from importlib.metadata import metadata, requires

WIDTH = 100
"""Characters of a line."""
ONNX_OPSET = 15
"""Version of ONNX's operators in exported files, of 2021: older programs can read it, too."""
ONNX_RUNTIME = "1.15"
"""The oldest ONNX Runtime that was tried with them; it is of 2023."""


def needs(*packages: str) -> str:
    """Return the lines that say which Python and packages a program needs, and how to get them.

    Raises:
        LookupError: a package that cnnviz does not ask for.
    """
    asked = (_asked(package) for package in packages)
    command = "pip install "
    installs = textwrap.fill(
        " ".join(f'"{each}"' for each in asked),
        WIDTH,
        initial_indent=command,
        subsequent_indent=command,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"Needs Python {metadata('cnnviz')['Requires-Python']} and these packages:\n\n{installs}"


def _asked(package: str) -> str:
    """Return a package with its bounds, as in `torch>=2.11,<3`."""
    for line in requires("cnnviz") or ():
        found = re.match(rf"{re.escape(package)}\s*([<>=!~][^;]*)", line)
        if found:
            return package + ",".join(sorted(found[1].strip().split(","), reverse=True))
    raise LookupError(f"cnnviz does not ask for {package!r}")


def quoted(text: str) -> str:
    """Return a text as a program has it, whatever signs are in it."""
    return json.dumps(text, ensure_ascii=False)


def text_list(name: str, texts: Iterable[str]) -> str:
    """Return the line that names a list of texts, broken between them where it is long."""
    line = f"{name} = ["
    lines = []
    for each in map(quoted, texts):
        if len(line) + len(each) + 1 > WIDTH:
            lines.append(line.rstrip())
            line = " " * (len(name) + 4)
        line += f"{each}, "
    return "\n".join([*lines, line.removesuffix(", ") + "]"])
