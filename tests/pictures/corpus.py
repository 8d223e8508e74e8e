"""Picture files of the tests' own making, valid and broken, with the pixels they must give.

What is expected comes from the arrays a file was made of, never from the loader under test.
"""

from tests.pictures import bmp as bmps
from tests.pictures import broken
from tests.pictures import gif as gifs
from tests.pictures import jpeg as jpegs
from tests.pictures import jpeg_codes as codes
from tests.pictures import png as pngs
from tests.pictures import png_chunks as chunks
from tests.pictures import png_layout as layout
from tests.pictures import strangers as others
from tests.pictures import webp as webps
from tests.pictures.cases import Case

__all__ = ["CASES", "Case"]

GROUPS = (
    *(pngs.grey_png, pngs.palette_png, pngs.colour_png, pngs.sized_png, pngs.odd_png),
    *(layout.interlaced_png, layout.packed_png, layout.filtered_png, layout.turned_png),
    *(chunks.rare_chunks, chunks.transparent_chunks, chunks.palettes, chunks.pieces),
    *(chunks.wrong_headers, chunks.wrong_sums, jpegs.jpeg, jpegs.odd_jpeg, codes.coded_jpeg),
    *(codes.colour_codes, codes.odd_segments, codes.wrong_codes, codes.silent_codes),
    *(gifs.pillow_gif, gifs.coded_gif, gifs.placed_gif, gifs.wrong_gif),
    *(webps.pillow_webp, webps.boxed_webp, webps.wrong_webp),
    *(bmps.plain_bmp, bmps.palette_bmp, bmps.bit_fields, bmps.run_lengths, bmps.wrong_bmp),
    *(broken.broken, broken.bombs, others.strangers, others.polyglots),
)
CASES: tuple[Case, ...] = tuple(case for group in GROUPS for case in group())
