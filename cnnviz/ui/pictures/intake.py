"""Pictures on their way into the tray: uploaded, photographed or pasted, through one loader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.images import check_size, load_image
from cnnviz.ui import show
from cnnviz.ui.components.pictures import Pasted, paste, tray
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.pictures.picture import MAX_BYTES, MAX_PICTURES, Picture, Source, picture_of
from cnnviz.ui.streamlit_internals import UploadedFile, let_go
from cnnviz.ui.text import _, number, say

_THUMBNAIL = 64
"""Longest side of a picture in the tray, in pixels."""


def show_tray(*, current: Picture) -> None:
    """Show what was brought, if anything was; a choice takes effect before the next run."""
    pictures = album.tray().pictures
    if not pictures:
        return
    tray(
        {each.digest: (each.name[:80], _thumbnail(each)) for each in pictures},
        key="picture.tray",
        chosen=current.digest,
        on_choose=album.choose_in_tray,
        on_remove=lambda digest: album.set_tray(album.tray().minus(digest)),
    )
    _show_let_go()


def _show_let_go() -> None:
    """Name the pictures that made room for others; their names are plain text."""
    names = album.tray().let_go.values()
    if names:
        most = _("The tray holds at most {count} pictures and {size} MB; let go to make room:")
        st.info(most.format(count=number(MAX_PICTURES), size=number(MAX_BYTES // 2**20)))
        st.text("\n".join(name[:80] for name in names))


def _thumbnail(picture: Picture) -> NDArray[np.uint8]:
    return np.round(prepared.small(picture, _THUMBNAIL) * 255).astype(np.uint8)


def clipboard(*, is_shown: bool) -> None:
    """Listen for pasted pictures, and show a button where asked to."""
    paste(key=album.PASTE_KEY, is_shown=is_shown, on_paste=_read_pasted)


def uploader() -> None:
    """Show the file uploader and read what it holds."""
    files = st.file_uploader(
        _("Picture files: PNG, JPEG, GIF, BMP or WebP, up to 10 MB each"),
        accept_multiple_files=True,
        key=album.intake_key("upload"),
    )
    if files:
        _read_uploads("upload", files)


def camera() -> None:
    """Show the camera and read the photograph taken with it."""
    photograph = st.camera_input(
        _("Take a photograph"), key=album.intake_key("camera"), resolution="720p"
    )
    st.caption(_("Browsers lend their camera to pages with https or on this computer only."))
    if photograph is not None:
        photograph.name = _("From the camera")
        _read_uploads("camera", [photograph])


def _read_pasted(pasted: Sequence[Pasted]) -> None:
    """Read pictures from the clipboard; called before the page runs."""
    named = [(each.name or _("From the clipboard"), each) for each in pasted]
    left = [(name, _too_much(each.size)) for name, each in named if each.data is None]
    _read("paste", [(name, each.data) for name, each in named if each.data is not None], left)
    album.choose_source("paste")


def _too_much(size: int) -> Explained:
    """Return why a picture was not sent: it is too large, or others took the room."""
    try:
        check_size(size)
    except Explained as refusal:
        return refusal
    return Explained("Too many pictures were pasted at once; paste this one by itself.")


def keep_drawing(picture: Picture) -> None:
    """Put what is on the pad into the tray; called before the page runs."""
    album.set_tray(album.tray().plus(picture_of("upload", _("Drawing"), picture.image)))


def show_refusals() -> None:
    """Say why files were refused, in a sentence each; their names are plain text."""
    refused = album.refusals()
    for name, refusal in refused:
        if len(refused) > 1:
            st.text(name[:80])
        st.error(say(refusal))


def _read_uploads(source: Source, files: Sequence[UploadedFile]) -> None:
    """Read files into the tray, let go of their bytes, and start over with an empty widget."""
    _read(source, [(file.name, file.getvalue()) for file in files])
    for file in files:
        let_go(file)
    album.end_intake()
    st.rerun()


def _read(
    source: Source, files: Sequence[tuple[str, bytes]], left: Sequence[tuple[str, Explained]] = ()
) -> None:
    """Read files into the tray; what is refused is kept with its reason, and the rest goes on.

    `left` are those that were refused before.
    """
    refused = [*left]
    album.set_tray(album.tray().taking(_pictures(source, files, refused)))
    album.set_refusals(tuple(refused))


def _pictures(
    source: Source, files: Sequence[tuple[str, bytes]], refused: list[tuple[str, Explained]]
) -> Iterator[Picture]:
    """Open one file after the other; adds to `refused` what cannot be opened."""
    for position, (name, data) in enumerate(files, 1):
        doing = _("Reading picture {position} of {count}").format(
            position=number(position), count=number(len(files))
        )
        try:
            image = show.patiently(partial(load_image, data), doing)
        except Explained as refusal:
            refused.append((name, refusal))
        else:
            yield picture_of(source, name, image, hashlib.sha256(data).hexdigest())
