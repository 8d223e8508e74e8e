"""The product with every heavy import at the top of the script, as scripts begin."""

import plotly.graph_objects  # noqa: F401
import torch  # noqa: F401
import torchvision  # noqa: F401

from benchmarks.apps import run_app
from cnnviz.nn import capture, convolve, explain, load_network, pool  # noqa: F401

run_app()
