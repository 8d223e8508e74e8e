"""What lies over a picture: a frame, colours of a map, boxes with words, classes of cells."""

import numpy as np

from cnnviz.core.photos.input import PhotoInput
from cnnviz.figures.overlays import (
    ATTENTION,
    CELL,
    SCALE,
    boxes,
    class_picture,
    framed,
    heat,
    overlay,
    span,
)


def test_the_frame_is_where_the_network_looks():
    picture = np.full((1, 100, 200), 1, np.float32)
    seen = PhotoInput(np.zeros((3, 224, 224), np.float32), 10, 60, 80)
    shown = framed(picture, seen, picture.shape)
    assert shown.shape == (3, 100, 200)
    assert (shown[:, 50, 100] == 1).all()
    assert (shown[:, 5, 5] < 0.5).all()
    accent = [0xD6 / 255, 0, 0x6C / 255]  # of the light theme, #d6006c
    np.testing.assert_allclose(shown[:, 11, 100], accent, atol=1e-6)


def test_heat_runs_over_its_whole_scale():
    values = np.array([[0.0, 1.0], [0.5, np.nan]], np.float32)
    colours = heat(values, is_signed=False)
    ends = [[int(c[at : at + 2], 16) / 255 for at in (1, 3, 5)] for c in ATTENTION]
    np.testing.assert_allclose(colours[:, 0, 0], ends[0], atol=1e-6)
    np.testing.assert_allclose(colours[:, 0, 1], ends[-1], atol=1e-6)
    assert span(values, is_signed=False) == (0, 1)
    assert span(values - 1, is_signed=True) == (-1, 1)
    assert span(np.full((2, 2), np.nan), is_signed=True) == (0, 0)
    assert np.isfinite(heat(np.zeros((2, 2), np.float32), is_signed=True)).all()
    image = np.ones((3, 2, 2), np.float32)
    np.testing.assert_array_equal(overlay(image, colours, 0.0), image)
    np.testing.assert_array_equal(overlay(image, colours, 1.0), colours)


def test_boxes_stand_around_what_they_hold():
    canvas = np.zeros((1, 30, 40), np.float32)
    drawn = boxes(canvas, np.array([[10, 10, 20, 20]], np.float32), ["7"])
    assert drawn.shape == (3, 30 * SCALE, 40 * SCALE)
    assert (drawn[:, 15 * SCALE, 15 * SCALE] == 0).all()
    assert drawn[0, 15 * SCALE, 10 * SCALE - 1] > 0.9
    np.testing.assert_array_equal(boxes(canvas, np.zeros((0, 4), np.float32), []), 0)
    edge = boxes(canvas, np.array([[0, 35, 9, 40]], np.float32), ["7 100%"])
    assert edge[0, :10].max() > 0.9


def test_boxes_on_a_photograph_leave_its_colours_and_an_empty_word_no_tag():
    picture = np.full((3, 60, 80), 0.2, np.float32)
    picture[0] = 1
    box = np.array([[30, 10, 50, 40]], np.float32)
    named, bare = boxes(picture, box, ["cup"], scale=1), boxes(picture, box, [""], scale=1)
    assert named.shape == picture.shape
    np.testing.assert_array_equal(bare[:, 40, 25], np.float32([1, 51 / 255, 51 / 255]))
    assert (bare[:, 20, 15] == picture[:, 20, 15]).all()
    assert (named[:, 20, 15] != picture[:, 20, 15]).any()


def test_every_cell_says_its_class():
    scores = np.array([[0.0, 1.0], [0.5, 0.0]], np.float32)
    drawn = class_picture(np.array([[1, 2], [3, 4]]), scores)
    assert drawn.shape == (3, 2 * CELL, 2 * CELL)
    assert drawn[0, 0, 0] < 0.1 < 0.9 < drawn[0, 0, CELL]
    for row in (0, CELL):
        for col in (0, CELL):
            assert np.ptp(drawn[:, row : row + CELL, col : col + CELL], axis=(1, 2)).max() > 0.2
