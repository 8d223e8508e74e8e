"""Brings the catalogues up to date with the code: adds what is new, drops what is dead.

uv run python docs/update_catalogues.py

English is the source and has none. What is new stays empty until somebody fills it in, and
`tests/ui/test_catalogues.py` fails until then.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"_": None, "N_": None, "Explained": None, "Sentence": None}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: cnnviz\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@cache
def sources() -> frozenset[str]:
    """Return every message that the code marks for translation."""
    found = set()
    for folder in ("cnnviz", "pages"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def path_of(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return ROOT / "cnnviz" / "locale" / language / "LC_MESSAGES" / "cnnviz.po"


def catalogue(language: str) -> dict[str, str]:
    """Return message → translation, as the file has it."""
    with path_of(language).open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def update(language: str) -> list[str]:
    """Write a language's catalogue anew; returns what is left to translate."""
    held, updated = catalogue(language), Catalog(locale=language)
    for message in sources():
        updated.add(message, held.get(message, ""))
    body = BytesIO()
    write_po(body, updated, omit_header=True, sort_output=True, no_location=True)
    text = HEADER.format(language=language).encode() + body.getvalue().rstrip() + b"\n"
    path_of(language).write_bytes(text)
    return sorted(message for message, text in catalogue(language).items() if not text)


if __name__ == "__main__":
    for folder in sorted((ROOT / "cnnviz" / "locale").iterdir()):
        if folder.is_dir():
            for message in update(folder.name):
                print(f"{folder.name}: {message}")
