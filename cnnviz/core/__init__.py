"""NumPy, Pillow and the standard library: specs, records, sizes, kernels and pictures."""

from cnnviz.core.digits import prepare_digit, propose_digit
from cnnviz.core.images import load_image
from cnnviz.core.kernels import KERNELS
from cnnviz.core.messages import Explained
from cnnviz.core.pool_spec import PoolSpec
from cnnviz.core.receptive_field import receptive_field
from cnnviz.core.specs import ConvSpec

__all__ = [
    "KERNELS",
    "ConvSpec",
    "Explained",
    "PoolSpec",
    "load_image",
    "prepare_digit",
    "propose_digit",
    "receptive_field",
]
