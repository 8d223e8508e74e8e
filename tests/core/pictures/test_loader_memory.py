"""What one upload may cost: 350 MB of extra memory at its peak and 10 seconds, time and again."""

import json
import math
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.pictures.images import MAX_BYTES, MAX_WEBP_PIXELS
from tests.pictures.apng import control
from tests.pictures.bmp import bmp
from tests.pictures.cases import COLOURS, INDICES, NOISE, RGB, saved
from tests.pictures.corpus import CASES
from tests.pictures.gif import TABLE, gif, gif_frame
from tests.pictures.jpeg import segment
from tests.pictures.png import chunk, palette, png

MAX_PEAK = 350e6
MAX_SECONDS = 10
SIDE = 5000
CHILD = """
import json, sys, time
from pathlib import Path
from cnnviz.core.pictures.images import load_image
from cnnviz.core.messages import Explained

def held(field):
    status = Path("/proc/self/status").read_text()
    return int(status.split(field + ":")[1].split()[0]) * 1024

def measured(name, data):
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak: proc_pid_clear_refs(5)
    before, start = held("VmRSS"), time.process_time()
    try:
        shape = load_image(data).shape
    except Explained:
        shape = ()
    return name, held("VmHWM") - before, time.process_time() - start, shape

from tests.pictures.corpus import CASES
costs = [measured(case.name, case.data) for case in CASES]
files = {path.name: path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())}
large = [measured(name, data) for name, data in files.items()]
worst = sorted(large, key=lambda cost: -cost[1])[:4]
costs += large + [measured(name, files[name]) for _ in range(4) for name, *_ in worst]
print(json.dumps(costs))
"""


def flat_png(colour, depth, bits, *, before=b"", interlaced=False):
    """A PNG of 25 megapixels of one colour, of which no array is ever made."""
    row = b"\0" + b"\x33" * (-(-SIDE * bits // 8))
    body = bytes(SIDE * SIDE * bits // 8 + 2 * SIDE) if interlaced else row * SIDE
    return png(
        INDICES, colour, depth, before=before, interlaced=interlaced, size=(SIDE, SIDE),
        stream=lambda _: zlib.compress(body, 1),
    )  # fmt: skip


def animated_inside():
    """RGBA, a hidden picture and a first frame of a row and a column less."""
    rows = (b"\0" + b"\x33" * 4 * (SIDE - 1)) * (SIDE - 1)
    frame = chunk(b"fdAT", struct.pack(">I", 1) + zlib.compress(rows, 1))
    return png(
        INDICES, 6, size=(SIDE, SIDE), stream=lambda _: zlib.compress(b"", 1),
        before=chunk(b"acTL", struct.pack(">II", 1, 0)),
        after=control(0, SIDE - 1, SIDE - 1, (1, 1)) + frame,
    )  # fmt: skip


def flat(mode, colour):
    return Image.new(mode, (SIDE, SIDE), colour)


def large_files():
    table = palette(COLOURS) + chunk(b"tRNS", bytes(range(16)))
    yield "png grey", flat_png(0, 8, 8)
    yield "png grey 16", flat_png(0, 16, 16)
    yield "png grey and alpha 16", flat_png(4, 16, 32)
    yield "png RGB", flat_png(2, 8, 24)
    yield "png RGB interlaced", flat_png(2, 8, 24, interlaced=True)
    yield "png RGBA", flat_png(6, 8, 32)
    yield "png RGBA 16", flat_png(6, 16, 64)
    yield "png palette with alphas", flat_png(3, 4, 4, before=table)
    yield "png animated inside its canvas", animated_inside()
    for name, options in (("", {}), (" progressive", {"progressive": True})):
        rgb = flat("RGB", (200, 90, 40))
        whole = saved("JPEG", rgb, subsampling=0, **options)
        yield f"jpeg{name}", whole
        yield f"jpeg{name} without its end", whole[:-2]
        yield f"jpeg CMYK{name}", saved("JPEG", flat("CMYK", (9, 99, 199, 20)), **options)
    grey_gif = Image.fromarray(np.full((SIDE, SIDE), 7, np.uint8))
    yield "gif", saved("GIF", grey_gif, transparency=7)
    inside = saved("GIF", grey_gif.crop((0, 0, SIDE - 1, SIDE - 1)), transparency=7)
    yield "gif inside its screen", inside[:6] + struct.pack("<HH", SIDE, SIDE) + inside[10:]
    yield (
        "bmp 1",
        bmp(b"\x55" * 632 * SIDE, 1, SIDE, SIDE, colours=COLOURS[:2, [0, 1, 2, 2]].tobytes()),
    )
    runs = (b"\xff\3" * 19 + b"\x9b\3\0\0") * SIDE + b"\0\1"
    yield "bmp runs", bmp(runs, 8, SIDE, SIDE, colours=bytes(64), compression=1)
    width, height = 2048, 1706  # 10 MB
    yield "bmp 24", bmp(bytes(width * 3 * height), 24, width, height)
    side = math.isqrt(MAX_WEBP_PIXELS)
    tiles = Image.fromarray(np.tile(RGB, (209, 157, 1))[:side, :side])
    yield "webp lossy", saved("WEBP", tiles, quality=50, method=0)
    yield "webp lossless", saved("WEBP", tiles, lossless=True, quality=0, method=0)
    tiles.putalpha(Image.linear_gradient("L").resize((side, side)))
    yield "webp lossy with alpha", saved("WEBP", tiles, quality=50, method=1)
    yield "webp with alpha", saved("WEBP", tiles, lossless=True, quality=0, method=0)
    frames = {"save_all": True, "append_images": [Image.new("RGBA", (side, side))]}
    yield "webp animated", saved("WEBP", tiles.convert("RGB"), quality=50, method=0, **frames)


def stuffed_files():
    """Small pictures of almost 10 MB: tens of thousands of blocks that nobody looks at."""
    room, jpeg = MAX_BYTES - 5_000, saved("JPEG", RGB)
    for name, block in (
        ("EXIF blocks", segment(0xE1, b"Exif\0\0a")), ("comments", segment(0xFE, b"")),
        ("profiles", segment(0xEF, b"")),
    ):  # fmt: skip
        yield f"jpeg of {name}", jpeg[:2] + block * (room // len(block)) + jpeg[2:]
    for name, block in (("chunks", chunk(b"abCd", b"")), ("pieces", chunk(b"IDAT", b""))):
        yield f"png of {name}", png(NOISE, 2, before=block * (room // len(block)))
    frame, comment = gif_frame(INDICES), b"!\xfe" + b"\1a" * (room // 2) + b"\0"
    yield "gif of a comment", gif(comment, frame, screen=INDICES.shape, colours=TABLE)


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="peaks can be told apart on Linux alone"
)
def test_no_file_costs_more_than_350_mb_or_10_seconds(tmp_path):
    longest = {}
    for files, side in ((stuffed_files(), 32), (large_files(), 1024)):
        for name, data in files:
            assert len(data) <= MAX_BYTES
            (tmp_path / name).write_bytes(data)
            longest[name] = side
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True,
    )  # fmt: skip
    costs = json.loads(done.stdout)
    assert {name: max(shape) for name, *_, shape in costs[len(CASES) :]} == longest
    assert [cost for cost in costs if cost[1] > MAX_PEAK or cost[2] > MAX_SECONDS] == []
    assert max(peak for _, peak, *_ in costs) > 100e6, "the largest are really decoded"
