"""Picture files of the tests' own making, valid and broken, with the pixels they must give.

What is expected comes from the arrays a file was made of, never from the loader under test.
"""

from tests.pictures import apng, bmp, broken, gif, jpeg, png, strangers, webp
from tests.pictures.cases import Case

__all__ = ["CASES", "Case"]

GROUPS = (
    *(png.grey_png, png.colour_png, png.sized_png, png.odd_png, png.stuffed_png),
    *(apng.animated_png, png.ending_png, png.wrong_png),
    *(jpeg.coded_jpeg, jpeg.inks, jpeg.odd_jpeg, jpeg.ending_jpeg, jpeg.wrong_jpeg),
    *(gif.pillow_gif, gif.coded_gif, gif.placed_gif, gif.wrong_gif),
    *(webp.plain_webp, webp.animated_webp, webp.ending_webp, webp.odd_webp, webp.wrong_webp),
    *(bmp.colour_bmp, bmp.palette_bmp, bmp.wrong_bmp),
    *(broken.broken, broken.bombs, strangers.strangers, strangers.polyglots),
)
CASES: tuple[Case, ...] = tuple(case for group in GROUPS for case in group())
