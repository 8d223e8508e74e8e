"""Filters: a gallery with formulas, typing and editing."""

from cnnviz.core.kernels.gallery import DEFAULT_KERNEL, KERNELS, find_kernels
from cnnviz.core.kernels.spec import FAMILIES, LARGEST, SIZES, Kernel, Parameter

__all__ = [
    "DEFAULT_KERNEL",
    "FAMILIES",
    "KERNELS",
    "LARGEST",
    "SIZES",
    "Kernel",
    "Parameter",
    "find_kernels",
]
