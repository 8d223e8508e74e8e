"""Settings of the viewer that the browser tests open: the trace, and how it is shown.

Shared by the page that mounts them and by the tests, which read the same trace.
"""

import numpy as np

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.samples import draw_sample
from cnnviz.nn import convolve, pool


def _random(shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def _pixels(shape, seed=1):
    levels = np.random.default_rng(seed).integers(0, 256, shape)
    return (levels / np.float32(255)).astype(np.float32)


def _conv(image, spec, filters=1, bias=0.5):
    depth = image.shape[0] // spec.groups
    shape = (image.shape[0], filters) if spec.transposed else (filters * spec.groups, depth)
    offset = np.full(filters * spec.groups, bias, np.float32)
    return convolve(image, _random((*shape, *spec.kernel_size)), spec, offset)


CASES = {
    "lecture": lambda: _conv(draw_sample("colour"), ConvSpec((5, 5)), filters=2),
    "uneven": lambda: _conv(_pixels((1, 9, 12)), ConvSpec((2, 3), (2, 3), ((1, 0), (2, 1)))),
    "dropped": lambda: _conv(_pixels((1, 8, 8)), ConvSpec((3, 3), (2, 2))),
    "gaps": lambda: _conv(_pixels((1, 9, 9)), ConvSpec((2, 2), (3, 3), dilation=(1, 1))),
    "dilated": lambda: _conv(_pixels((1, 12, 12)), ConvSpec((3, 3), (1, 2), 2, (2, 3))),
    "reflect": lambda: _conv(
        _pixels((3, 8, 8)), ConvSpec((3, 3), padding=2, padding_mode="reflect")
    ),
    "replicate": lambda: _conv(_pixels((1, 6, 6)), ConvSpec(padding=1, padding_mode="replicate")),
    "circular": lambda: _conv(_pixels((1, 6, 6)), ConvSpec(padding=1, padding_mode="circular")),
    "depthwise": lambda: _conv(_pixels((3, 7, 7)), ConvSpec((3, 3), padding=1, groups=3)),
    "transposed": lambda: _conv(
        _pixels((1, 4, 5)), ConvSpec((3, 3), (2, 3), 1, transposed=True, output_padding=(1, 1))
    ),
    "stretched": lambda: _conv(  # so many cells that the browser adds them up itself
        _pixels((3, 130, 130)), ConvSpec((3, 4), (2, 2), 1, transposed=True, output_padding=(1, 0))
    ),
    "cropped": lambda: _conv(_pixels((1, 6, 6)), ConvSpec((2, 2), padding=2, transposed=True)),
    "large": lambda: _conv(_pixels((3, 224, 224)), ConvSpec((5, 5), padding=2)),
    "deep": lambda: _conv(_random((6, 10, 10), 3), ConvSpec((3, 3))),
    "max": lambda: pool(_pixels((1, 9, 9)), PoolSpec("max", (3, 3), (2, 2), (1, 1))),
    "max-dilated": lambda: pool(
        _pixels((1, 9, 9)), PoolSpec("max", (3, 2), (1, 1), (1, 0), (2, 3))
    ),
    "avg-counted": lambda: pool(
        _pixels((1, 8, 8)), PoolSpec("avg", (3, 3), (2, 2), (1, 1), ceil_mode=True)
    ),
    "avg-uncounted": lambda: pool(
        _pixels((1, 8, 8)),
        PoolSpec("avg", (3, 3), (2, 2), (1, 1), ceil_mode=True, count_include_pad=False),
    ),
    "lp": lambda: pool(
        _pixels((1, 8, 8)), PoolSpec("lp", (3, 3), (2, 2), ceil_mode=True, norm=3.0)
    ),
    "adaptive-max": lambda: pool(_pixels((1, 10, 7)), PoolSpec("adaptive_max", output_size=(4, 3))),
    "adaptive-avg": lambda: pool(_pixels((1, 10, 7)), PoolSpec("adaptive_avg", output_size=(4, 3))),
    "global": lambda: pool(_pixels((1, 64, 64)), PoolSpec("adaptive_avg", output_size=(1, 1))),
}
