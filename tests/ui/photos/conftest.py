"""Fixtures of tests of photographs, as `tests/nn/photos` has them."""

from tests.nn.photos.downloads import detector_file, entered, weights_folder  # noqa: F401
