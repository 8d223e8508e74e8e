"""Fixtures of tests of photographs."""

from tests.nn.photos.downloads import detector_file, entered, weights_folder  # noqa: F401
