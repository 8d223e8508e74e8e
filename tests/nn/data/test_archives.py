"""Digits from a wheel and CIFAR-10 from archives made here: read, or refused with a sentence."""

import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.nn import data as data_sets
from cnnviz.nn.data import dataset_reader, digits, load_dataset
from cnnviz.nn.data.cifar import FOLDERS, Archive

CIFAR = dataset_reader("cifar10")
RNG = np.random.default_rng(0)
CELLS = RNG.integers(0, 256, (6, 3, 32, 32), np.uint8)


def tar(members):
    """A .tar.gz of (name, bytes) or ready `TarInfo` entries."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as file:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return raw.getvalue()


def batch(images, labels):
    return b"".join(bytes([n]) + each.tobytes() for each, n in zip(images, labels, strict=True))


BINARY = tar(
    [
        ("cifar-10-batches-bin/test_batch.bin", batch(CELLS[4:], [9, 0])),
        ("cifar-10-batches-bin/data_batch_2.bin", batch(CELLS[2:4], [2, 3])),
        ("cifar-10-batches-bin/readme.html", b"<html>"),
        ("cifar-10-batches-bin/data_batch_1.bin", batch(CELLS[:2], [0, 1])),
    ]
)


def jpeg(value, size=(32, 32), mode="RGB"):
    raw = io.BytesIO()
    Image.new(mode, size, value).save(raw, "JPEG", quality=95)
    return raw.getvalue()


FLAT = [
    (f"cifar10/{part}/{folder}/{n:04}.jpg", jpeg((20 * n, 10 * label, 0)))
    for label, folder in enumerate(FOLDERS)
    for part, n in (("train", 0), ("train", 1), ("test", 0))
]


def placed(folder, data, which=0, counts=(4, 2)):
    """The data set, told that this archive is the right one."""
    path = folder / CIFAR.archives[which].name
    path.write_bytes(data)
    archive = Archive(path.name, len(data), hashlib.sha256(data).hexdigest())
    archives = tuple(archive if n == which else each for n, each in enumerate(CIFAR.archives))
    return replace(CIFAR, archives=archives, counts=counts), path


def test_the_digits_are_there_without_scikit_learn_being_imported():
    code = (
        "import sys; from cnnviz.nn.data import load_dataset\n"
        "data = load_dataset('digits', download=False)\n"
        "print(data.train_images.shape, data.test_images.shape, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1437, 1, 8, 8) (360, 1, 8, 8) False"


def test_the_digits_are_scikit_learns():
    data = load_dataset("digits")
    images = np.concatenate([data.train_images, data.test_images])
    labels = np.concatenate([data.train_labels, data.test_labels])
    assert images.dtype == labels.dtype == np.uint8
    assert images.max() == 255
    assert (images[0, 0, 0] * (16 / 255)).round().tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    counts = np.bincount(labels)  # as scikit-learn's description of the data set has them
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"0,1,2\n",
        lambda data: gzip.compress(bytes(500_000_000), 1)[:2_000_000],
        lambda data: gzip.compress(gzip.decompress(data).replace(b"0,0,5,13", b"0,0,5,12", 1)),
    ],
)
def test_damaged_digits_are_named(tmp_path, damage):
    path = tmp_path / "digits.csv.gz"
    path.write_bytes(damage(dataset_reader("digits").find().read_bytes()))
    with pytest.raises(Explained, match=r"digits\.csv\.gz” is damaged"):
        dataset_reader("digits").read(path)


def test_without_scikit_learn_the_digits_are_one_sentence(monkeypatch):
    monkeypatch.setattr(digits, "find_spec", lambda name: None)
    for download in (True, False):
        with pytest.raises(Explained, match="comes with scikit-learn, which is not installed"):
            load_dataset("digits", download=download)


def test_every_line_of_the_table_says_what_it_holds():
    assert list(DATA_SETS) == ["digits", "mnist", "fashion", "cifar10"]
    for dataset in DATA_SETS.values():
        assert len(dataset.labels) == len(set(dataset.labels)) == 10
        assert len(dataset.shape) == 3
        assert dataset.source


def test_the_binary_archive_is_read_in_its_own_order(tmp_path):
    cifar, path = placed(tmp_path, BINARY)
    data = cifar.read(path)
    np.testing.assert_array_equal(data.train_images, CELLS[:4], strict=True)
    np.testing.assert_array_equal(data.test_images, CELLS[4:], strict=True)
    assert data.train_labels.tolist() == [0, 1, 2, 3]
    assert data.test_labels.tolist() == [9, 0]
    assert data.origin == "cifar-10-binary.tar.gz"


def test_the_jpeg_archive_is_decoded_class_by_class(tmp_path):
    cifar, path = placed(tmp_path, tar(FLAT), which=1, counts=(20, 10))
    data = cifar.read(path)
    assert data.train_labels.tolist() == [*range(10)] * 2
    assert data.test_labels.tolist() == [*range(10)]
    assert data.origin == "cifar10-jpeg.tar.gz"
    expected = np.array([[20 * (n >= 10), 10 * (n % 10), 0] for n in range(20)])
    assert np.abs(data.train_images.mean((2, 3)) - expected).max() <= 3  # lossy


def test_the_binary_one_is_preferred_wherever_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "given"))
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "home"))
    assert CIFAR.find() is None
    for folder in ("given", "home/data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "given/cifar10-jpeg.tar.gz").touch()
    assert CIFAR.find() == tmp_path / "given/cifar10-jpeg.tar.gz"
    (tmp_path / "home/data/cifar-10-binary.tar.gz").touch()
    assert CIFAR.find() == tmp_path / "home/data/cifar-10-binary.tar.gz"


def linked(name, target, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


HOSTILE = {
    "no archive": (0, b"\x1f\x8b not gzip"),
    "cut at half": (0, BINARY[: len(BINARY) // 2]),
    "nothing in it": (0, tar([])),
    "a picture short": (
        0,
        tar([("cifar-10-batches-bin/data_batch_1.bin", batch(CELLS[:2], [0, 1]))]),
    ),
    "half a picture": (0, tar([("cifar-10-batches-bin/test_batch.bin", bytes(1000))])),
    "a batch too large": (0, tar([("cifar-10-batches-bin/test_batch.bin", bytes(30_730_001))])),
    "twice": (0, tar([("cifar-10-batches-bin/test_batch.bin", batch(CELLS[:1], [1]))] * 2)),
    "an eleventh class": (
        0,
        tar(
            [
                ("cifar-10-batches-bin/data_batch_1.bin", batch(CELLS[:4], [0, 1, 2, 10])),
                ("cifar-10-batches-bin/test_batch.bin", batch(CELLS[4:], [9, 0])),
            ]
        ),
    ),
    "paths out of it": (1, tar([(f"../{name}", data) for name, data in FLAT])),
    "links": (1, tar([linked(name, "/etc/passwd", tarfile.SYMTYPE) for name, _ in FLAT])),
    "hard links": (1, tar([linked(name, FLAT[0][0], tarfile.LNKTYPE) for name, _ in FLAT])),
    "no pictures": (1, tar([(name, b"<svg/>") for name, _ in FLAT])),
    "large pictures": (1, tar([*FLAT[1:], (FLAT[0][0], jpeg((0, 0, 0), (64, 32)))])),
    "grey pictures": (1, tar([*FLAT[1:], (FLAT[0][0], jpeg(0, mode="L"))])),
    "files too large": (1, tar([*FLAT[1:], (FLAT[0][0], FLAT[0][1] + bytes(20_000))])),
    "half a JPEG": (1, tar([*FLAT[1:], (FLAT[0][0], FLAT[0][1][:-200])])),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_archives_are_one_sentence_and_write_nothing(tmp_path, what):
    which, data = HOSTILE[what]
    cifar, path = placed(tmp_path, data, which, ((4, 2), (20, 10))[which])
    with pytest.raises(Explained, match=r"tar\.gz” is damaged"):
        cifar.read(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_archive_with_other_bytes_is_never_opened(tmp_path, monkeypatch):
    path = tmp_path / "cifar-10-binary.tar.gz"
    monkeypatch.setattr(tarfile, "open", None)
    for data, sentence in ((BINARY, "not 170052171"), (b"", "it has 0 bytes")):
        path.write_bytes(data)
        with pytest.raises(Explained, match=sentence):
            CIFAR.read(path)
    cifar, path = placed(tmp_path, BINARY)
    path.write_bytes(BINARY[:-1] + bytes([BINARY[-1] ^ 1]))
    with pytest.raises(Explained, match="SHA-256"):
        cifar.read(path)


@pytest.fixture
def homes(tmp_path, monkeypatch):
    monkeypatch.delenv("CNNVIZ_DATA", raising=False)
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "data"


def downloads(monkeypatch, fetch):
    """Let torchvision's `download_url(url, root, filename, md5)` be `fetch(path)`."""

    class Module:
        @staticmethod
        def download_url(url, root, filename, md5):
            assert (url, md5) == (CIFAR.url, CIFAR.md5)
            fetch(Path(root) / filename)

    monkeypatch.setattr("importlib.import_module", lambda name: Module)


def test_the_binary_archive_is_downloaded_and_moved_into_place(homes, monkeypatch, tmp_path):
    cifar, _ = placed(tmp_path, BINARY)
    monkeypatch.setattr(data_sets, "dataset_reader", lambda dataset_id: cifar)
    downloads(monkeypatch, lambda path: path.write_bytes(BINARY))
    assert load_dataset("cifar10").train_images.shape == (4, 3, 32, 32)
    assert {path.name for path in homes.iterdir()} <= {"cifar-10-binary.tar.gz", ".lock"}


@pytest.mark.parametrize(
    ("data", "error", "sentence"),
    [
        (b"", OSError("no route"), "nor could it be downloaded: put cifar-10-binary.tar.gz or"),
        (BINARY[:99], RuntimeError("File not found or corrupted."), "nor could it be downloaded"),
        (BINARY[:99], None, "it has 99 bytes"),
        (BINARY[:-1] + b"!", None, "SHA-256"),
    ],
    ids=["no route", "refused", "cut", "changed"],
)
def test_a_broken_download_leaves_nothing(homes, monkeypatch, tmp_path, data, error, sentence):
    cifar, _ = placed(tmp_path, BINARY)
    monkeypatch.setattr(data_sets, "dataset_reader", lambda dataset_id: cifar)

    def fetch(path):
        path.write_bytes(data)
        if error:
            raise error

    downloads(monkeypatch, fetch)
    with pytest.raises(Explained, match=sentence):
        load_dataset("cifar10")
    assert {path.name for path in homes.iterdir()} <= {".lock"}
    assert cifar.find() is None


@pytest.mark.slow
@pytest.mark.skipif(CIFAR.find() is None, reason="no CIFAR-10 archive here: set CNNVIZ_DATA")
def test_the_real_archive_holds_what_it_should():
    data = load_dataset("cifar10", download=False)
    assert data.train_images.shape == (50_000, 3, 32, 32)
    assert data.test_images.shape == (10_000, 3, 32, 32)
    assert np.bincount(data.train_labels).tolist() == [5000] * 10
    assert np.bincount(data.test_labels).tolist() == [1000] * 10
    mean = data.train_images.mean((0, 2, 3)) / 255  # (0.4914, 0.4822, 0.4465): widely published
    np.testing.assert_allclose(mean, (0.4914, 0.4822, 0.4465), atol=5e-4)
