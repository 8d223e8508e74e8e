"""A person's pictures as plain values."""

import numpy as np
import pytest

from cnnviz.core.pictures.edits import Grey, Invert
from cnnviz.ui.history import Changes
from cnnviz.ui.pictures.picture import (
    MAX_BYTES,
    MAX_PICTURES,
    Tray,
    as_image,
    picture_of,
    whole_levels,
)

LEVELS = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)


def picture(value, side=4, channels=1):
    return picture_of(
        "upload", str(value), np.full((channels, side, side), value / 255, np.float32)
    )


def test_whole_levels_take_a_quarter_of_the_memory_and_come_back_exactly():
    image = as_image(LEVELS)
    held = picture_of("upload", "", image)
    assert held.levels.dtype == np.uint8
    np.testing.assert_array_equal(held.image, image)


def test_finer_levels_are_kept_as_they_are_unless_rounding_is_asked_for():
    deep = (np.arange(256, dtype=np.float32) / 65535).reshape(1, 16, 16)
    assert picture_of("upload", "", deep).levels.dtype == np.float32
    assert whole_levels(deep, is_rounded=True).dtype == np.uint8


def test_the_digest_is_the_pictures_own_and_depends_on_its_shape():
    wide, tall = (picture_of("upload", "", np.zeros(s, np.float32)) for s in ((1, 2, 3), (1, 3, 2)))
    assert wide.digest != tall.digest
    assert picture(3).digest == picture(3).digest != picture(4).digest


def test_changes_are_undone_and_done_again():
    changes = Changes().plus(Grey(), Invert())
    assert changes.undo() == Changes((Grey(),), (Invert(),))
    assert changes.undo().redo() == changes
    assert changes.undo().undo().redo().redo() == changes
    assert Changes().undo() == Changes().redo() == Changes()
    assert changes.undo().plus(Grey()).undone == ()


def test_the_newest_picture_is_the_chosen_one():
    tray = Tray().plus(picture(1)).plus(picture(2))
    assert tray.picture.name == "2"
    assert tray.choose(picture(1).digest).picture.name == "1"
    assert tray.choose("nothing") == tray


def test_a_picture_brought_twice_is_there_once():
    tray = Tray().plus(picture(1)).plus(picture(2)).plus(picture(1))
    assert [each.name for each in tray.pictures] == ["2", "1"]


def test_taking_out_the_chosen_picture_chooses_the_newest():
    tray = Tray().plus(picture(1)).plus(picture(2)).choose(picture(1).digest)
    assert tray.minus(picture(1).digest).picture.name == "2"
    assert tray.minus(picture(2).digest).picture.name == "1"
    assert tray.minus(picture(1).digest).minus(picture(2).digest).picture is None


@pytest.mark.parametrize(("side", "channels"), [(4, 1), (1024, 3)])
def test_the_oldest_make_room(side, channels):
    tray = Tray()
    for value in range(20):
        tray = tray.plus(picture(value, side, channels))
        assert tray.picture.name == str(value)
        assert len(tray.pictures) <= MAX_PICTURES
        assert sum(each.levels.nbytes for each in tray.pictures) <= MAX_BYTES
    assert len(tray.pictures) == min(MAX_PICTURES, MAX_BYTES // (side * side * channels))


def test_those_that_make_room_are_named():
    full = Tray().plus(*(picture(value) for value in range(12)))
    assert full.let_go == {}
    more = full.plus(picture(12), picture(13))
    assert list(more.let_go.values()) == ["0", "1"]
    assert more.chosen == picture(13).digest
    assert list(more.plus(picture(14)).let_go.values()) == ["2"]
    assert more.plus(picture(12)).let_go == {}
    for after in (more.minus(picture(5).digest), more.choose(picture(5).digest)):
        assert after.let_go == {}


def test_of_those_brought_at_once_the_first_make_room_too():
    tray = Tray().taking(picture(value, 1024, 3) for value in range(6))
    assert [each.name for each in tray.pictures] == ["2", "3", "4", "5"]
    assert list(tray.let_go.values()) == ["0", "1"]


def test_one_that_is_brought_again_is_not_gone():
    brought = [*(picture(value) for value in range(13)), picture(0)]
    tray = Tray().plus(*brought)
    assert list(tray.let_go.values()) == ["1"]
    assert [each.name for each in tray.pictures][-1] == "0"
