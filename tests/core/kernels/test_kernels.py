"""The gallery's filters against published matrices, and what each promises; the search in it."""

import numpy as np
import pytest

from cnnviz.core.kernels import DEFAULT_KERNEL, FAMILIES, KERNELS, LARGEST, SIZES, find_kernels
from cnnviz.core.messages import Explained
from docs.update_catalogues import catalogue

PUBLISHED = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "shift": [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
    "box": [[1 / 9] * 3] * 3,
    "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "motion": [[0, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "prewitt-x": [[-1, 0, 1]] * 3,
    "prewitt-y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "scharr-x": [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
    "scharr-y": [[-3, -10, -3], [0, 0, 0], [3, 10, 3]],
    "roberts": [[0.25, 0.25, 0], [0.25, 0, -0.25], [0, -0.25, -0.25]],
    "kirsch": [[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]],
    "robinson": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "emboss": [[-1, -1, 0], [-1, 1, 1], [0, 1, 1]],
    "line-horizontal": [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    "line-vertical": [[-1, 2, -1]] * 3,
    "line-rising": [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
    "line-falling": [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
    "laws-edges": [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
    "laws-spots": [[1, -2, 1], [-2, 4, -2], [1, -2, 1]],
    "laws-ripples": [[1, -2, 1], [-2, 4, -2], [1, -2, 1]],
    "checkerboard": (np.array([[1, -1, 1], [-1, 1, -1], [1, -1, 1]]) - 1 / 9).tolist(),
}
"""Filters of 3 × 3 with default parameters; the others are formulas without round numbers."""

OTHER_SIZES = {
    ("roberts", 2): [[1, 0], [0, -1]],  # Roberts 1963
    ("sobel-x", 5): np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1]),  # OpenCV, getDerivKernels
    ("sobel-x", 2): [[-1, 1], [-1, 1]],
    ("sobel-x", (1, 3)): [[-1, 0, 1]],
    ("sobel-y", (4, 3)): np.outer([-1, -1, 1, 1], [1, 2, 1]),
    ("prewitt-x", (2, 4)): [[-1.5, -0.5, 0.5, 1.5]] * 2,
    ("gaussian", (2, 3)): np.outer([1, 1], [1, 2, 1]) / 8,
    ("box", (1, 4)): [[0.25] * 4],
    # Laws 1980: E5, S5 and R5.
    ("laws-edges", 5): np.outer([-1, -2, 0, 2, 1], [-1, -2, 0, 2, 1]),
    ("laws-spots", 5): np.outer([-1, 0, 2, 0, -1], [-1, 0, 2, 0, -1]),
    ("laws-ripples", 5): np.outer([1, -4, 6, -4, 1], [1, -4, 6, -4, 1]),
}

SUMS = dict.fromkeys(
    ("identity", "shift", "box", "gaussian", "gaussian-sigma", "motion", "sharpen", "unsharp",
     "emboss"), 1,
)  # fmt: skip
UNKEPT = {"gabor"}
"""Whose sum follows from size and parameters."""


def test_every_filter_has_its_published_matrix():
    assert KERNELS.keys() - PUBLISHED.keys() == {"gaussian-sigma", "unsharp", "log", "dog", "gabor"}
    assert DEFAULT_KERNEL in KERNELS
    for name, matrix in PUBLISHED.items():
        np.testing.assert_allclose(KERNELS[name].weights(3), matrix, atol=1e-7, err_msg=name)


@pytest.mark.parametrize(("name", "size"), OTHER_SIZES)
def test_other_sizes_have_theirs(name, size):
    np.testing.assert_allclose(KERNELS[name].weights(size), OTHER_SIZES[name, size], atol=1e-7)


@pytest.mark.parametrize("name", KERNELS)
def test_every_size_keeps_the_filters_character_or_is_explained(name):
    kernel, made = KERNELS[name], 0
    for size in np.ndindex(LARGEST, LARGEST):
        height, width = (side + 1 for side in size)
        too_small = height < kernel.least_size[0] or width < kernel.least_size[1]
        has_centre = height % 2 == 1 and width % 2 == 1
        if too_small or (kernel.has_centre and not has_centre):
            with pytest.raises(Explained, match="too small" if too_small else "no centre"):
                kernel.weights((height, width))
            continue
        weights, made = kernel.weights((height, width)), made + 1
        assert (weights.shape, weights.dtype) == ((height, width), np.float32)
        assert np.abs(weights).max() > 0
        if name not in UNKEPT:
            total = weights.sum(dtype=np.float64)
            assert abs(total - SUMS.get(name, 0)) <= 1e-6 * (1 + np.abs(weights).sum())
    assert made >= 25
    for size in SIZES:
        if size >= kernel.least:
            assert kernel.weights(size).shape == (size, size)


@pytest.mark.parametrize("size", [0, 12, (3, 0), (12, 3), -1])
def test_sizes_end_at_eleven(size):
    with pytest.raises(Explained, match="from 1 to 11 rows and columns"):
        KERNELS["box"].weights(size)


@pytest.mark.parametrize(
    ("name", "settings", "says"),
    [
        ("gaussian-sigma", {"sigma": 0.0}, "“sigma” must be from 0.3 to 5.0, not 0.0"),
        ("gaussian-sigma", {"sigma": float("nan")}, "not nan"),
        ("gaussian-sigma", {"sigma": True}, "not True"),
        ("gaussian-sigma", {"angle": 1.0}, "no setting “angle”; it has: sigma"),
        ("box", {"sigma": 1.0}, "no setting “sigma”; it has: –"),
        ("kirsch", {"direction": 30.0}, "steps of 45.0; 30.0 lies between"),
        ("shift", {"right": 0.5}, "steps of 1.0"),
        ("gabor", {"wavelength": 1e9}, "“wavelength” must be"),
    ],
)
def test_parameters_that_mean_nothing_are_explained(name, settings, says):
    with pytest.raises(Explained, match=says):
        KERNELS[name].weights(5, **settings)


def test_every_parameter_is_honoured_and_has_one_meaning():
    meanings = {}
    for kernel in KERNELS.values():
        for each in kernel.parameters:
            assert meanings.setdefault(each.id, each) is each
            plain = kernel.weights(11)
            for value in (each.default + each.step, each.default - each.step):
                if each.least <= value <= each.most:
                    assert not np.allclose(kernel.weights(11, **{each.id: value}), plain)
    assert len(meanings) >= 9


def test_the_gallery_is_in_order_and_complete():
    families = [kernel.family for kernel in KERNELS.values()]
    assert families == sorted(families, key=list(FAMILIES).index)
    assert set(families) == FAMILIES.keys()
    assert len(KERNELS) >= 22
    for kernel in KERNELS.values():
        assert all((kernel.name, kernel.detects, kernel.source, kernel.formula))
        assert hash(kernel)
    matrices = {KERNELS[name].weights(5).tobytes() for name in KERNELS}
    assert len(matrices) == len(KERNELS)


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("blur", ["box", "gaussian", "motion"], ["identity", "outline"]),
        ("  LINES vert", ["line-vertical"], ["line-horizontal", "outline"]),
        ("edges", ["sobel-x", "laplacian", "dog"], ["box"]),
        ("texture", ["gabor", "laws-ripples"], ["sobel-x"]),
        ("direction", ["kirsch", "sobel-y"], ["outline"]),
        ("sobel horizontal", ["sobel-y"], ["scharr-x", "sobel-x"]),
        ("", list(KERNELS), []),
        (" -- ", list(KERNELS), []),
        ("xyzzy", [], list(KERNELS)),
    ],
)
def test_filters_are_found_by_what_they_do(query, found, missed):
    ids = [kernel.id for kernel in find_kernels(query)]
    assert set(found) <= set(ids)
    assert not set(missed) & set(ids)
    assert ids == [each for each in KERNELS if each in ids]


def test_filters_are_found_in_the_readers_language_without_accents():
    words = catalogue("pt_BR")

    def translate(message):
        return words.get(message) or message

    for query in ("média", "MEDIA", "desfoque media"):
        assert "box" in {kernel.id for kernel in find_kernels(query, translate)}
    assert find_kernels("neighbourhood", translate) == ()
