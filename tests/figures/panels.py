"""A matrix laid out, as the tests of cells, PNG and SVG draw it."""

import numpy as np

from cnnviz.figures.cells import lay_out

SIGNED = np.array([[-2.0, 0.0], [1.0, 0.5]], np.float32)


def panel_of(values, kind="signed", appearance="light", unit=1):
    return lay_out(values, kind=kind, appearance=appearance, unit=unit, format="{:g}".format)
