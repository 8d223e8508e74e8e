"""What the tests of pages share: where the app is, which pages it has, what a page says."""

import json
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("start", "pixels", "convolution", "pooling", "network", "train", "classify")


def words(app):
    """Every text that the page shows, in one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.text)
    alerts = (app.info, app.warning, app.error)
    return "\n".join(str(element.value) for kind in (*kinds, *alerts) for element in kind)


def unpack(block):
    """Header and arrays of what a component received."""
    length = int.from_bytes(block[:4], "little")
    header, body = json.loads(block[4 : 4 + length]), block[4 + length :]
    types = {"u1": np.uint8, "f4": np.float32}
    arrays = {
        name: np.frombuffer(
            body, types[entry["dtype"]], int(np.prod(entry["shape"])), entry["offset"]
        ).reshape(entry["shape"])
        for name, entry in header["arrays"].items()
    }
    return header, arrays


def component(app, key):
    """What the one component of this key was told: header and arrays."""
    (found,) = (each for each in app.get("bidi_component") if f"-{key}" in each.proto.id)
    return unpack(found.proto.bytes)


def top5(app):
    """The five likeliest classes of the photograph, as the page names them."""
    stages = component(app, "photo.answer")[0]["stages"]
    (found,) = (stage for stage in stages if stage["id"] == "top5")
    return [row["label"] for row in found["classes"]]


def header(mounted):
    """What a mounted component was told, arrays apart."""
    block = mounted.proto.bytes
    length = int.from_bytes(block[:4], "little")
    return json.loads(block[4 : 4 + length])


def link(app):
    """The link of the page as the browser is told to write it."""
    mounted = app.get("bidi_component")
    told = next(each for each in mounted if each.proto.component_name == "cnnviz_address")
    return json.loads(told.proto.json)
