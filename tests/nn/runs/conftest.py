"""Runs are kept in a home of each test's own."""

import pytest


@pytest.fixture(autouse=True)
def own_home(home):
    """Every test here writes runs."""
