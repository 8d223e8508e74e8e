"""The project's own code put into programs."""

import ast
import collections
import re

import pytest

from cnnviz.core import source
from cnnviz.core.pictures.edits import KINDS
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.core.pictures.formats import sniff
from cnnviz.core.pictures.images import decoded
from cnnviz.core.pictures.levels import changed_levels
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.source import source_of


def names(text):
    """What a program defines, as often as it does."""
    tree = ast.parse(text)
    found = [each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    targets = (each.targets for each in tree.body if isinstance(each, ast.Assign))
    found += [node.id for each in targets for node in ast.walk(each[0]) if hasattr(node, "id")]
    return collections.Counter(found)


def test_a_function_comes_with_what_it_uses_and_nothing_else():
    text = source_of(resized)
    assert set(names(text)) == {"resized", "_with_rows", "_area_means", "by_plane", "Floats"}
    left = {}
    exec(text, left)
    assert left["resized"].__code__.co_code == resized.__code__.co_code
    assert "cnnviz" not in re.sub(r'"""[\s\S]*?"""', "", text)


def test_each_name_stands_once_behind_those_it_needs_at_once():
    kinds = [each for each in KINDS.values() if each is not KeepInk]  # it reads a file
    text = source_of(sniff, decoded, changed_levels, *kinds, own=("Edit",))
    assert set(names(text).values()) == {1}
    exec(f"from __future__ import annotations\n{text}", {"__name__": "__main__"})
    lines = text.splitlines()
    assert lines.index("LUMA = (0.299, 0.587, 0.114)") > lines.index("import numpy as np")
    assert "from PIL import Image, ImageFilter, ImageOps" in lines


def test_the_source_is_word_for_word_with_docstrings_of_constants():
    text = source_of(decoded)
    assert '"""Pixels on the longer side of a loaded picture; larger ones are shrunk."""' in text
    assert "# a JPEG decodes straight to a half, a quarter or an eighth" in text


def test_names_of_two_modules_are_told_apart():
    images, edits, other = "images", "edits", "def _size():\n    return _size_of() + LIMIT"
    found = {(images, "_size"): "def _size():\n    return 1", (edits, "_size"): other}
    first, second = source._told_apart(found)
    assert first == found[images, "_size"]
    assert second == "def _size_edits():\n    return _size_of() + LIMIT"
    with pytest.raises(ValueError, match="LIMIT is something else in images than in edits"):
        list(source._told_apart({(images, "LIMIT"): "LIMIT = 1", (edits, "LIMIT"): "LIMIT = 2"}))
