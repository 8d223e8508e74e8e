"""An analysis as one HTML page that needs nothing else: pictures inside it, no address to load.

The caller brings the words, and all of them are escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.figures.raster import png
from cnnviz.figures.theme import PALETTES

_STYLE = f":root {{ --accent: {PALETTES['light'].accent} }}\n" + (
    Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True, eq=False)
class ReportPicture:
    """A picture on the page.

    Attributes:
        title: Caption below it.
        levels: (C, H, W) uint8, C = 1 or 3; stored as PNG.
        scale: Labels of both ends of its scale of colours, and the colours; None: no scale.
    """

    title: str
    levels: NDArray[np.uint8]
    scale: tuple[str, str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Content of a page.

    Attributes:
        language: As browsers spell it: "pt-BR".
        title: Heading, and title of the window.
        lead: Sentences below it.
        pictures: The photograph first, then what mattered in it.
        head: Titles of the columns: class, probability, logit.
        answers: A row a class: its cells, and the length of its bar in [0, 1].
        facts: Heading, then (name, value) pairs: on the network, and on how it was asked.
        footer: Versions and date.
    """

    language: str
    title: str
    lead: tuple[str, ...]
    pictures: tuple[ReportPicture, ...]
    head: tuple[str, ...]
    answers: tuple[tuple[tuple[str, ...], float], ...]
    facts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    footer: str


def page(report: Report) -> str:
    """Return the page as HTML text; it opens offline, prints, and knows light and dark."""
    title = escape(report.title)
    parts = [
        f"<h1>{title}</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in report.lead),
        f'<div class="pictures">{"".join(map(_figure, report.pictures))}</div>',
        _table(report),
        f'<div class="facts">{"".join(_facts(*each) for each in report.facts)}</div>',
        f"<footer>{escape(report.footer)}</footer>",
    ]
    return (
        f'<!doctype html>\n<html lang="{escape(report.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _figure(picture: ReportPicture) -> str:
    data = base64.b64encode(png(picture.levels)).decode()
    title, legend = escape(picture.title), ""
    if picture.scale:
        low, high, colours = picture.scale
        shades = ", ".join(colours)
        legend = (
            f'<span class="scale"><span>{escape(low)}</span>'
            f'<span class="bar" style="background: linear-gradient(to right, {shades})"></span>'
            f"<span>{escape(high)}</span></span>"
        )
    _channels, rows, cols = picture.levels.shape
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{title}" width="{cols}" '
        f'height="{rows}"><figcaption>{title}{legend}</figcaption></figure>'
    )


def _table(report: Report) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in report.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}'
        f'<span class="share" style="width: {100 * share:.1f}%"></span></th>'
        + "".join(f"<td>{escape(each)}</td>" for each in others)
        + "</tr>"
        for (first, *others), share in report.answers
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _facts(heading: str, pairs: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f"<section><h2>{escape(heading)}</h2><dl>{told}</dl></section>"
