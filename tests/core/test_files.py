"""Matrices written for spreadsheets and read back."""

import csv
import io

import numpy as np
import pytest

from cnnviz.core.files import exact, matrix_csv
from cnnviz.core.kernels.text import parse_kernel


def any_floats(seed, shape):
    """Finite float32 of every size, by their bits."""
    bits = np.random.default_rng(seed).integers(0, 2**32, shape, np.uint64).astype(np.uint32)
    values = bits.view(np.float32)
    return np.where(np.isfinite(values), values, np.float32(0.1))


@pytest.mark.parametrize(("decimal", "separator"), [(".", ","), (",", ";")])
def test_every_float_comes_back_as_it_was(decimal, separator):
    values = any_floats(0, (40, 25))
    rows = csv.reader(io.StringIO(matrix_csv(values, decimal=decimal)), delimiter=separator)
    read = [[np.float32(cell.replace(decimal, ".")) for cell in row] for row in rows]
    np.testing.assert_array_equal(np.array(read, np.float32), values)


def test_it_looks_as_people_write_it():
    values = np.array([[1, -0.5], [1 / 9, 255]], np.float32)
    assert matrix_csv(values) == "1,-0.5\n0.11111111,255\n"
    assert matrix_csv(values, decimal=",") == "1;-0,5\n0,11111111;255\n"


@pytest.mark.parametrize("decimal", [".", ","])
def test_a_filter_can_be_pasted_back(decimal):
    weights = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    np.testing.assert_array_equal(parse_kernel(matrix_csv(weights, decimal=decimal)), weights)


def test_the_shortest_decimal_is_the_same_float():
    for value in any_floats(2, 1000):
        assert np.float32(float(exact(value))) == value
