"""PyTorch: convolution and pooling of arrays, networks, data sets and training."""

from cnnviz.nn.activation import activate
from cnnviz.nn.convolution import convolve
from cnnviz.nn.pooling import pool

__all__ = ["activate", "convolve", "pool"]
