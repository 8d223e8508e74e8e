"""What may befall a file on a server, each as a function that does it to a path."""

import os
import shutil
import zipfile


def _write(path, data):
    path.unlink()
    path.write_bytes(data)


def _cut(share):
    def cut(path):
        data = path.read_bytes()
        _write(path, data[: int(len(data) * share)] if share < 1 else data[:-1])

    return cut


def _flip(place):
    def flip(path):
        data = bytearray(path.read_bytes())
        if data:
            data[int((len(data) - 1) * place)] ^= 1 << 5
        _write(path, bytes(data))

    return flip


def _garbage(path):
    _write(path, bytes(range(256)) * (path.stat().st_size // 256 + 1))


def _zip(path):
    """A zip of a kind that Python cannot unpack."""
    path.unlink()
    with zipfile.ZipFile(path, "w") as file:
        for name in ("images.npy", "labels.npy"):
            file.writestr(name, b"x" * 100)
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 10] = 99  # the method of compression
        place = data.find(b"PK\x01\x02", place + 1)
    path.write_bytes(bytes(data))


def _folder(path):
    path.unlink()
    path.mkdir()
    (path / "x").write_bytes(b"kept")


def _loop(path):
    path.unlink()
    path.symlink_to(path.name)


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


DAMAGES = {
    "deleted": lambda path: path.unlink(),
    "empty": _cut(0),
    "half": _cut(0.5),
    "without its last byte": _cut(1),
    "flipped at its start": _flip(0),
    "flipped in the middle": _flip(0.5),
    "flipped at its end": _flip(1),
    "bytes": _garbage,
    "text": lambda path: _write(path, b"not what was here\n"),
    "a zip": _zip,
    "a folder": _folder,
    "a circle of links": _loop,
    "a pipe": _pipe,
    "deep JSON": lambda path: _write(path, b"[" * 200_000 + b"]" * 200_000),
    "a number": lambda path: _write(path, b"NaN"),
    "a list": lambda path: _write(path, b"[1, [2, 3]]"),
    "an object": lambda path: _write(path, b'{"files": 3, "state": [], "name": {}}'),
    "long": lambda path: _write(path, b'"' + b"x" * 3_000_000 + b'"'),
}  # fmt: skip


def wreck(path, damage):
    """Do to a file, or a folder, what `DAMAGES` has under a name."""
    if path.is_dir():
        shutil.rmtree(path)
        path.write_bytes(b"a folder before")
    DAMAGES[damage](path)
