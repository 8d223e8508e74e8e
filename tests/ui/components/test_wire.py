"""What components receive: the block of bytes unpacked again by hand."""

from fractions import Fraction

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS, SIZES
from cnnviz.ui.components.viewer import weight_label
from cnnviz.ui.components.wall import Stage
from cnnviz.ui.components.wall.stages import _planes, levels_of
from cnnviz.ui.components.wire import as_cell, pack, pixels_or_floats, script
from tests.ui.opening import unpack


def test_what_is_packed_comes_out_again():
    given = {
        "a": np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
        "b": np.linspace(-1, 1, 5, dtype=np.float32),
        "c": np.asfortranarray(np.arange(4, dtype=np.float32).reshape(2, 2)),
    }
    header, arrays = unpack(pack({"word": "ação"}, given))
    assert header["word"] == "ação"
    assert {"light", "dark"} == header["palettes"].keys()
    for name, array in given.items():
        np.testing.assert_array_equal(arrays[name], array)


def test_numbers_that_json_cannot_carry_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        pack({"value": float("nan")}, {})
    with pytest.raises(KeyError):
        pack({}, {"a": np.zeros(3)})


def test_exact_pixels_travel_as_bytes_and_others_do_not():
    levels = np.arange(256, dtype=np.uint8)
    exact = (levels / np.float32(255)).astype(np.float32)
    np.testing.assert_array_equal(pixels_or_floats(exact), levels)
    for other in (exact + np.float32(1e-4), exact - 1, exact * 2):
        assert pixels_or_floats(other.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("weight", "label"),
    [(1.0, "1"), (-2.0, "−2"), (np.float32(1 / 9), "1/9"), (np.float32(-3 / 256), "−3/256"),
     (0.5, "1/2"), (np.float32(0.1234567), "0.123"), (0.0, "0")],
)  # fmt: skip
def test_weights_read_as_people_write_them(weight, label):
    assert weight_label(float(weight)) == label


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("size", SIZES)
def test_no_weight_that_counts_reads_as_nothing(name, size):
    if size < KERNELS[name].least:
        return
    for weight in KERNELS[name].weights(size).ravel().tolist():
        label = weight_label(weight)
        assert (label in ("0", "−0")) == (weight == 0)
        plain = label.replace("−", "-").replace(",", "")
        rounds = bool(KERNELS[name].parameters)  # to three digits: such weights are no fractions
        assert float(Fraction(plain)) == pytest.approx(weight, rel=6e-3 if rounds else 1e-6)


@pytest.mark.parametrize("weight", [1e-7, -3e-6, 0.00012345, 1 / 3, -0.1234567])
def test_other_weights_keep_three_digits(weight):
    label = weight_label(float(np.float32(weight))).replace("−", "-")
    assert float(Fraction(label)) == pytest.approx(weight, rel=6e-3)


def test_levels_put_zero_in_the_middle_and_the_peak_at_the_end():
    values = np.array([[[-2.0, 0.0, 1.0]]], np.float32)
    assert levels_of(Stage("x", "", "signed", values)).tolist() == [[[1, 128, 192]]]
    pixels = np.array([[[0.0, 0.2, 1.0]]], np.float32)
    assert levels_of(Stage("x", "", "pixels", pixels)).tolist() == [[[0, 51, 255]]]


def test_vectors_become_strips_and_colour_one_picture():
    assert _planes(Stage("x", "", "signed", np.zeros(128, np.float32))).shape == (1, 8, 16)
    assert _planes(Stage("x", "", "signed", np.zeros(10, np.float32))).shape == (1, 1, 10)
    assert _planes(Stage("x", "", "pixels", np.zeros((3, 4, 5), np.float32))).shape == (1, 4, 5)


def test_cells_are_pairs_inside_the_picture():
    assert as_cell([1, 2], (2, 3)) == (1, 2)
    assert as_cell([2, 1], (2, 3)) is None
    assert as_cell((1, 2), (2, 3)) is None


def scripts(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder / f"{next(iter(files))}.js"


def test_scripts_are_joined_along_their_imports_each_once(tmp_path):
    entry = scripts(
        tmp_path,
        a='// Says a.\nimport { b } from "./b.js";\nimport {\n  c, d,\n} from "./c.js";\n'
        "export default function () {\n  return b + c + d; // stays\n}\n",
        b='import { c } from "./c.js";\n/** @param {number} n */\nexport const b = c;\n',
        c="export const c = 1;\nexport async function d() {}\n",
    )
    assert script(entry) == (
        "const c = 1;\nasync function d() {}\nconst b = c;\n"
        "export default function () {\n  return b + c + d; // stays\n}\n"
    )


def test_types_are_left_out_and_what_stands_between_stays(tmp_path):
    text = "const f = (/** @type {View} */ view) => view;\n/** One. */\nconst g = f;\n/** Two. */\n"
    assert script(scripts(tmp_path, a=text)) == "const f = (view) => view;\nconst g = f;\n"


@pytest.mark.parametrize(
    ("b", "message"),
    [
        ('import { a } from "./a.js";\nexport const b = 1;\n', "a.js → b.js → a.js"),
        ("export const b = 1;\nconst own = 2;\n", "b.js and a.js both declare 'own'"),
        ('import b from "./b.js";\n', "cannot be joined"),
        ("export default 1;\n", "cannot be joined"),
        ("export { b };\n", "cannot be joined"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path, b, message):
    entry = scripts(tmp_path, a='import { b } from "./b.js";\nconst own = 1;\n', b=b)
    with pytest.raises(ValueError, match=message):
        script(entry)
