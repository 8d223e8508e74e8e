"""Photographs named: answers, attributions, classes and boxes."""
