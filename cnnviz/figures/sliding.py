"""An animated GIF of the window sliding over a small picture, with the numbers in the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from PIL import Image

from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.figures.boards import Board, board_of, with_border
from cnnviz.figures.cells import INK, PAPER, Format, Kind
from cnnviz.figures.raster import gif, width_of, write
from cnnviz.figures.sliding_scene import Line, Moment, Scene, scene_of

FRAME_MS, LAST_MS = 500, 3000

_MARGIN, _GAP, _BETWEEN, _TITLE, _LINE = 20, 36, 12, 34, 30
_TITLE_SIZE, _SUM_SIZE = 17, 17
_LEAST_WIDTH = 620
_MOST_TERMS = 9
"""Terms of a sum that are written out: a filter of 3 × 3."""
_MOST_OF_A_PLANE = 4
"""Terms of each plane of several: as many as three partial sums and a bias."""


@dataclass(frozen=True, slots=True)
class SlidingTitles:
    """Titles of the boards, and what stands before the sums of the planes; in any language."""

    input: str
    patch: str
    kernel: str
    output: str
    planes: tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Every board at its place.

    Attributes:
        columns: Boards below each other, from left to right: what the window slides over, the
            pixels under it (one board a plane of several), the kernel's planes, the map.
        planes: Each plane of the input; none where it is one plane and so its own board.
    """

    columns: tuple[Sequence[Board], ...]
    planes: tuple[Board, ...]


def sliding_gif(
    trace: ConvTrace | PoolTrace,
    *,
    channel: int = 0,
    appearance: str,
    unit: int,
    format: Format,
    titles: SlidingTitles,
) -> bytes:
    """Return a GIF that plays for ever, one frame for each cell of the map.

    Args:
        trace: Small enough for `check_fits_animation`.
        channel: Output channel.
        appearance: "light" or "dark".
        unit: 255 to show pixels as 0…255, else 1.
        format: Number → text, in the reader's form.
        titles: Titles of the boards.

    Raises:
        Explained: it is too large to be legible, with the numbers.
    """
    scene = scene_of(trace, channel, unit, format, titles.planes)
    stage = _stage(scene, appearance, unit, format, titles)
    frames = list(_frames(scene, stage, appearance))
    return gif(frames, [FRAME_MS] * (len(frames) - 1) + [LAST_MS])


def _stage(
    scene: Scene, appearance: str, unit: int, format: Format, titles: SlidingTitles
) -> _Stage:
    kind: Kind = "pixels" if scene.is_pixels else "signed"
    look = appearance, unit, format
    boards = [board_of(plane, kind, *look, titles.input) for plane in scene.planes]
    planes = tuple(with_border(each, scene.is_border, scene.is_empty) for each in boards)
    weights = scene.kernel if scene.kernel is not None else ()
    kernels = [board_of(each, "weights", appearance, 1, format) for each in weights]
    window = scene.moments[0]
    patches = [plane.under(window.rows, window.cols, plane) for plane in planes]
    is_colour = len(planes) > 1
    cell = max((board.cell for board in (*patches, *kernels)), default=0)
    columns = (
        [_composite(planes) if is_colour else planes[0]],
        _titled(patches, titles.patch, cell) if is_colour else [],
        _titled(kernels, titles.kernel, cell),
        [board_of(scene.output, "signed", *look, titles.output)],
    )
    return _Stage(_placed(columns), planes if is_colour else ())


def _titled(boards: Sequence[Board], title: str, cell: int) -> list[Board]:
    """Return boards of one cell size, to be a column with one title."""
    return [replace(each, cell=cell, title="" if n else title) for n, each in enumerate(boards)]


def _composite(planes: Sequence[Board]) -> Board:
    """Red, green and blue as one board in its own colours, without numbers."""
    first = planes[0]
    colours = np.stack([plane.colours[..., 0] for plane in planes], axis=-1)
    return replace(first, colours=colours, texts=np.full(first.texts.shape, ""))


def _placed(columns: Sequence[Sequence[Board]]) -> tuple[Sequence[Board], ...]:
    """Return the columns side by side, each in the middle of the tallest one's height."""
    x, placed, tallest = _MARGIN, [], max(map(_tall, columns))
    for column in columns:
        y = _MARGIN + _TITLE + (tallest - _tall(column)) // 2
        moved = []
        for board in column:
            moved.append(replace(board, at=(x, y)))
            y += board.size[1] + _BETWEEN
        placed.append(moved)
        x += max(map(_wide, column)) + _GAP if column else 0
    return tuple(placed)


def _wide(board: Board) -> int:
    return max(board.size[0], width_of(board.title, _TITLE_SIZE))


def _tall(column: Sequence[Board]) -> int:
    return sum(board.size[1] + _BETWEEN for board in column) - _BETWEEN


# ---------------------------------------------------------------- frames


def _frames(scene: Scene, stage: _Stage, appearance: str) -> Iterator[Image.Image]:
    page = _page(stage, len(scene.moments[0].lines), appearance)
    below = page.height - _MARGIN - _LINE * len(scene.moments[0].lines)
    output = stage.columns[-1][0]
    most = _MOST_OF_A_PLANE if stage.planes else _MOST_TERMS
    for position, moment in enumerate(scene.moments):
        row, col = divmod(position, scene.output.shape[1])
        output.draw_cell(page, row, col)  # stays for all frames that follow
        frame = page.copy()
        _window(frame, stage, moment)
        output.outline(frame, [row], [col])
        for number, line in enumerate(moment.lines):
            text = _fitted(line, frame.width - 2 * _MARGIN, most)
            at = _MARGIN, below + (number + 0.5) * _LINE
            write(frame, at, text, _SUM_SIZE, INK[appearance], "l")
        yield frame


def _page(stage: _Stage, lines: int, appearance: str) -> Image.Image:
    """What all frames share: boards with their titles, the map still empty."""
    (first,), _, kernels, (output,) = stage.columns
    shown = [board for column in stage.columns for board in column]
    right = max(board.at[0] + _wide(board) for board in shown)
    bottom = max(board.at[1] + board.size[1] for board in shown)
    size = max(_LEAST_WIDTH, right + _MARGIN), bottom + _GAP // 2 + lines * _LINE + _MARGIN
    page = Image.new("RGB", size, PAPER[appearance])
    for board in shown:
        at = board.at[0], board.at[1] - _TITLE / 2
        write(page, at, board.title, _TITLE_SIZE, INK[appearance], "l")
    for board in (first, *kernels):
        board.draw(page)
    blank = np.full(output.texts.shape, True)
    with_border(replace(output, texts=np.full(blank.shape, "")), ~blank, blank).draw(page)
    return page


def _window(frame: Image.Image, stage: _Stage, moment: Moment) -> None:
    """Draw the window on the input, and what lies under it."""
    rows, cols = moment.rows.tolist(), moment.cols.tolist()
    is_dense = all(np.diff(each).max(initial=1) == 1 for each in (moment.rows, moment.cols))
    (first,), patches, *_ = stage.columns
    if is_dense:
        first.outline(frame, rows, cols)
    else:
        for row, col in product(rows, cols):
            first.outline(frame, [row], [col])
    for plane, place in zip(stage.planes, patches, strict=True):
        plane.under(moment.rows, moment.cols, place).draw(frame)


def _fitted(line: Line, width: int, most: int) -> str:
    """The line as text, with as many of its terms as are wanted and as there is room for."""
    joint = width_of(line.joint, _SUM_SIZE)
    taken = np.cumsum([width_of(term, _SUM_SIZE) + joint for term in line.terms])
    room = width - width_of(f"{line.start}…{line.end}", _SUM_SIZE)
    kept = min(most, int(np.sum(taken <= room)))
    terms = line.terms if kept >= len(line.terms) else (*line.terms[:kept], "…")
    return f"{line.start}{line.joint.join(terms)}{line.end}"
