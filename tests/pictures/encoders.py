"""Small writers of picture files, so that the tests know each pixel without any decoder."""

import struct
import zlib
from itertools import pairwise

import numpy as np

ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1))  # fmt: skip
"""First row and column and their steps in each pass: PNG specification, section 8.2."""


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def scanlines(pixels, depth, filters=(0,)):
    """Rows of (H, W, channels) samples packed to `depth` bits, each behind its filter type."""
    samples = np.atleast_3d(pixels)
    rows = samples.reshape(len(samples), -1)
    if depth == 16:
        packed = np.ascontiguousarray(rows, ">u2").view(np.uint8)
    else:
        bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
        packed = np.packbits(bits.reshape(len(rows), -1), axis=1)
    return filtered(packed, max(1, samples.shape[2] * depth // 8), filters)


def filtered(rows, step, kinds):
    """Bytes (H, N) less what their neighbours foretell: PNG specification, section 9.

    `step`: from a byte to the one on its left. `kinds`: filter types, taken in turn.
    """
    if not any(kinds):
        return np.insert(rows, 0, 0, axis=1).tobytes()
    values = np.pad(rows.astype(int), ((1, 0), (step, 0)))
    left, up, corner = values[1:, :-step], values[:-1, step:], values[:-1, :-step]
    near = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
    paeth = np.choose(np.argmin(near, axis=0), (left, up, corner))
    foretold = np.stack((up * 0, left, up, (left + up) // 2, paeth))
    kind = np.resize(kinds, len(rows))
    return np.insert(rows - foretold[kind, np.arange(len(rows))], 0, kind, axis=1).astype(
        np.uint8
    ).tobytes()  # fmt: skip


def png(
    pixels, colour, depth=8, *, before=b"", after=b"", interlaced=False, size=None,
    filters=(0,), stream=None, pieces=1,
):  # fmt: skip
    """A PNG of (H, W, channels) samples, with raw chunks before and after the pixels.

    Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. `size`: a lie.
    `stream`: what to make of the scanlines instead of packing them. `pieces`: IDAT chunks.
    """
    height, width = size or pixels.shape[:2]
    passes = [pixels[r::rs, c::cs] for r, c, rs, cs in ADAM7] if interlaced else [pixels]
    body = b"".join(scanlines(part, depth, filters) for part in passes if part.size)
    packed = (stream or zlib.compress)(body)
    cuts = [len(packed) * i // pieces for i in range(pieces + 1)]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            before,
            *(chunk(b"IDAT", packed[a:b]) for a, b in pairwise(cuts)),
            after,
            chunk(b"IEND", b""),
        )
    )


def chunks(data):
    """The chunks of a PNG as {name: bytes}, in order; of several of a name the last."""
    found, position = {}, 8
    while position < len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        found[name] = data[position : position + length + 12]
        position += length + 12
    return found


def palette(colours):
    return chunk(b"PLTE", np.asarray(colours, np.uint8).tobytes())


def bmp(
    rows, bits, width, height, *, colours=b"", compression=0, masks=b"", size=None, header=40,
    count=None, gap=b"",
):  # fmt: skip
    """A BMP of encoded rows (each already padded, bottom row first unless height < 0).

    `header`: its length, 12 for OS/2 1, 40, 64 for OS/2 2, 108 and 124 for Windows 4 and 5, in
    which the masks lie. `count`: colours claimed. `gap`: bytes between them and the rows.
    """
    claimed_width, claimed_height = size or (width, height)
    entry = 3 if header == 12 else 4
    if header == 12:
        block = struct.pack("<IHHHH", 12, claimed_width, claimed_height, 1, bits)
    else:
        block = struct.pack(
            "<IiiHHIIiiII", header, claimed_width, claimed_height, 1, bits, compression, len(rows),
            2835, 2835, len(colours) // entry if count is None else count, 0,
        )  # fmt: skip
    block = (block + masks).ljust(header, b"\0") + colours + gap
    at = 14 + len(block)
    return struct.pack("<2sIII", b"BM", at + len(rows), 0, at) + block + rows


def padded(rows):
    """(H, bytes) uint8 with each row filled up to a multiple of four bytes."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()


def exif(orientation, order=">"):
    """A TIFF block with nothing but the orientation."""
    mark = b"MM" if order == ">" else b"II"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def segment(marker, data):
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segment(jpeg, marker, data):
    """A JPEG with a segment right after its first two bytes."""
    return jpeg[:2] + segment(marker, data) + jpeg[2:]


def with_frame_size(jpeg, height, width):
    """A JPEG whose frame header lies about its size."""
    at = next(jpeg.index(bytes((0xFF, m))) for m in (0xC0, 0xC2) if bytes((0xFF, m)) in jpeg)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def turned(upright, orientation):
    """How a camera stores (H, W, ...) so that this EXIF orientation makes it upright.

    The orientation says where the first stored row and column lie in the upright picture
    (Exif 2.32, table 4): 6 means that row 0 is its right side and column 0 its top.
    """
    swapped = upright.swapaxes(0, 1)
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: swapped,
        6: swapped[::-1],
        7: swapped[::-1, ::-1],
        8: swapped[:, ::-1],
    }[orientation]


def lzw(values, bits):
    """Bytes below 2 ** bits as LZW codes, lowest bit first: GIF89a, appendix F."""
    clear = 1 << bits
    table, width, codes = {bytes((i,)): i for i in range(clear)}, bits + 1, [(clear, bits + 1)]
    word = b""
    for value in values:
        longer = word + bytes((value,))
        if longer in table:
            word = longer
            continue
        codes.append((table[word], width))
        table[longer] = len(table) + 2
        width += len(table) + 1 == 1 << width
        word = longer[-1:]
    codes += [(table[word], width), (clear + 1, width)]
    return packed_codes(codes)


def packed_codes(codes):
    """(code, width) pairs as bytes, lowest bit first."""
    total = place = 0
    for code, width in codes:
        total |= code << place
        place += width
    return total.to_bytes(-(-place // 8), "little")


def blocks(data, longest=255):
    """GIF's blocks of a length and that many bytes, up to an empty one."""
    parts = [data[i : i + longest] for i in range(0, len(data), longest)]
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def gif_frame(indices, *, bits=4, at=(0, 0), local=b"", interlaced=False, stream=None, longest=255):
    """One picture of a GIF; `at`: its first row and column; `stream`: instead of its own codes."""
    height, width = indices.shape
    order = [*range(0, height, 8), *range(4, height, 8), *range(2, height, 4), *range(1, height, 2)]
    rows = indices[order] if interlaced else indices
    flags = 64 * interlaced | (0x80 | (len(local) // 3).bit_length() - 2 if local else 0)
    head = struct.pack("<B4HB", 0x2C, at[1], at[0], width, height, flags)
    codes = lzw(rows.astype(np.uint8).tobytes(), bits) if stream is None else stream
    return head + local + bytes((bits,)) + blocks(codes, longest)


def gif(*parts, screen, colours=b"", version=b"GIF89a", background=0):
    """Frames and extensions behind a screen of (height, width) with a palette or none."""
    flags = 0x80 | (len(colours) // 3).bit_length() - 2 if colours else 0
    head = version + struct.pack("<HHBBB", screen[1], screen[0], flags, background, 0)
    return head + colours + b"".join(parts) + b";"


def transparent(index, disposal=0):
    """A GIF's graphic control extension with a transparent index."""
    return b"!\xf9\4" + bytes((disposal << 2 | 1, 0, 0, index, 0))


def riff(*chunks, claimed=None):
    """A WebP of chunks; `claimed`: a lie on its size."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if claimed is None else claimed) + body


def riff_chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def vp8x(height, width, flags=0):
    """Flags: 2 animation, 4 XMP, 8 EXIF, 16 alpha, 32 profile. WebP container, figure 7."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + sizes)


def webp_frame(height, width, *parts, at=(0, 0)):
    """A frame of an animation; `at`: its first row and column, even numbers."""
    sizes = (at[1] // 2, at[0] // 2, width - 1, height - 1, 40)
    head = b"".join(value.to_bytes(3, "little") for value in sizes)
    return riff_chunk(b"ANMF", head + b"\0" + b"".join(parts))
