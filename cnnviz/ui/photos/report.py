"""The analysis of a photograph as one page to take away, in the reader's language."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version

import numpy as np

from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.attributions import METHODS, Attribution
from cnnviz.core.photos.networks import PHOTO_NETWORKS, PhotoNetwork
from cnnviz.core.records import Floats
from cnnviz.figures.overlays import ATTENTION, BOTH_WAYS, framed, heat, overlay, span
from cnnviz.figures.report import Report, ReportPicture, page
from cnnviz.ui import show
from cnnviz.ui.photos import imagenet_names
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, bound, browser_locale, day, number, percent, say, size

_NAMED = 10
"""Classes in the table."""
_SIDE = 480
"""Longest side of the photograph in the report, in pixels: it is to be a page, not an album."""


def offer(
    picture: Picture, answer: PhotoAnswer, found: Sequence[Attribution], opacity: float
) -> None:
    """Offer the page, made when it is asked for: which pixels counted for one class or for two."""
    make = partial(page, report(picture, answer, found, opacity))  # what is deferred has no session
    label = _("Report (HTML, one page)")
    help = _("Opens without the internet; the pictures are in it.")
    show.offer(label, make, "cnnviz-report.html", "text/html", key="photo.report", help=help)


def report(
    picture: Picture, answer: PhotoAnswer, found: Sequence[Attribution], opacity: float
) -> Report:
    """Return what the page tells."""
    names = imagenet_names()
    card = PHOTO_NETWORKS[answer.network_id]
    first = answer.predictions[0]
    lead = _("{network} says: {name}, with a probability of {share}.").format(
        network=card.name, name=names[first.class_idx], share=percent(first.probability)
    )
    seen = answer.input.seen
    small = framed(prepared.small(picture, _SIDE), answer.input, picture.levels.shape)
    pictures = [
        _picture(_("The photograph, and the part that is looked at"), small),
        _picture(_("What it sees"), seen),
    ]
    for each in found:
        pictures += _mattered(seen, each, names[each.class_idx], opacity)
    return Report(
        browser_locale(),
        _("What is on this photograph?"),
        (lead, say(answer.doubt)) if answer.doubt else (lead,),
        tuple(pictures),
        (_("Class"), _("Probability"), _("Logit")),
        tuple(
            (
                (
                    names[each.class_idx],
                    percent(each.probability, 2),
                    number(each.logit, 2, is_fixed=True),
                ),
                each.probability,
            )
            for each in answer.predictions[:_NAMED]
        ),
        ((_("The network"), _network(card)), (_("How it was asked"), _asked(answer, found))),
        _footer(),
    )


def _mattered(
    seen: Floats, found: Attribution, name: str, opacity: float
) -> tuple[ReportPicture, ReportPicture]:
    """Return the map over the picture, and alone with its legend."""
    is_signed = found.is_signed
    colours = heat(found.values, is_signed=is_signed)
    low, high = (bound(each, 2) for each in span(found.values, is_signed=is_signed))
    titles = _("{name}: what counted"), _("{name}: the map alone")
    over, alone = (title.format(name=name) for title in titles)
    scale = low, high, BOTH_WAYS if is_signed else ATTENTION
    return (_picture(over, overlay(seen, colours, opacity)), _picture(alone, colours, scale))


def _picture(
    title: str, image: Floats, scale: tuple[str, str, Sequence[str]] | None = None
) -> ReportPicture:
    """Keep whole levels: they wait in memory until the page is asked for."""
    return ReportPicture(title, np.round(image.clip(0, 1) * 255).astype(np.uint8), scale)


def _network(card: PhotoNetwork) -> tuple[tuple[str, str], ...]:
    return (
        (_("Name"), card.name),
        (_("Year"), str(card.year)),
        (_("Published"), card.source),
        (_("Learnt numbers"), number(card.parameters)),
        (_("Right on ImageNet"), percent(card.accuracy)),
        (_("Licence"), card.licence),
        (_("Weights (SHA-256)"), card.sha256),
    )


def _asked(answer: PhotoAnswer, found: Sequence[Attribution]) -> tuple[tuple[str, str], ...]:
    seen = answer.input
    place = _("{side} × {side} pixels from row {top}, column {left}").format(
        side=number(round(seen.side)), top=number(round(seen.top)), left=number(round(seen.left))
    )
    facts = [
        (_("Part of the photograph"), place),
        (_("What it sees"), size(seen.seen.shape)),
        (_("Entropy"), _("{bits} bits").format(bits=number(answer.entropy_bits, 2))),
    ]
    for each in found[:1]:
        method = METHODS[each.method]
        facts += [(_("Method"), f"{_(method.name)}. {_(method.explanation)}")]
        facts += [(_("Source"), method.source)]
        facts += [(_("Layer"), each.layer)] if each.layer else []
    return (*facts, *((_("Note"), say(each.note)) for each in found if each.note))


def _footer() -> str:
    named = ("cnnviz", "torch", "torchvision", "timm", "captum")
    versions = ", ".join(f"{each} {version(each)}" for each in named)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return f"{day(today.isoformat())} · {versions}"
