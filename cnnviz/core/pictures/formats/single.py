"""One picture of a file, as a small file of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """A picture to decode, and where it lies.

    Attributes:
        data: A file with this picture alone.
        canvas: Width and height of the whole, which is transparent around the picture; None: the
            picture is the whole.
        corner: Its left edge and its upper edge on the canvas.
        ends: What could as well stand in place of its last two bytes, where its own end was
            missing. All pixels are there if the same come of each: none was read from the end.
    """

    data: bytes
    ends: tuple[bytes, ...] = ()
    canvas: tuple[int, int] | None = None
    corner: tuple[int, int] = (0, 0)


def placed(
    data: bytes, size: tuple[int, int], corner: tuple[int, int], canvas: tuple[int, int]
) -> Single:
    """Return a picture of (width, height) on a canvas, which it covers or not.

    Raises:
        ValueError: it has no pixels, or reaches beyond the canvas.
    """
    (width, height), (left, top) = size, corner
    if not (width and height and left + width <= canvas[0] and top + height <= canvas[1]):
        raise ValueError(f"{size} at {corner} on {canvas}")
    return Single(data) if size == canvas else Single(data, canvas=canvas, corner=corner)
