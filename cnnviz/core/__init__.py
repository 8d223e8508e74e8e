"""NumPy, Pillow and the standard library: specs, records, sizes, kernels and pictures."""

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.digits import prepare_digit, propose_digit
from cnnviz.core.pictures.images import load_image

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
