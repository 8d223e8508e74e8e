"""Photographs named: the answer, and what can be asked about it."""
