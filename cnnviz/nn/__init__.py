"""PyTorch: convolution and pooling of arrays, networks, data sets and training.

`from cnnviz import nn` costs no torch. `__init__.pyi` says which module each name comes from: type
checkers read it, and so does this file, which imports a module when one of its names is asked for.

Reference: PEP 562, and `lazy_loader.attach_stub` as in scikit-image.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any


def _names() -> dict[str, str]:
    """Return the module of each public name."""
    stub = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = (node for node in stub.body if isinstance(node, ast.ImportFrom))
    return {each.name: str(node.module) for node in imports for each in node.names}


_MODULES = _names()
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
