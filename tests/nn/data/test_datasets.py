"""Data sets of a few pictures made here, in MNIST's format; damage, absence, two at once."""

import gzip
import hashlib
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS, IdxFiles
from cnnviz.nn.data import dataset_reader, files, load_dataset
from cnnviz.nn.data.idx import IdxReader

RNG = np.random.default_rng(0)
ARRAYS = (
    RNG.integers(0, 256, (6, 28, 28), np.uint8),
    RNG.integers(0, 10, 6, np.uint8),
    RNG.integers(0, 256, (3, 28, 28), np.uint8),
    RNG.integers(0, 10, 3, np.uint8),
)


def idx_bytes(array):
    """Magic number 0x0803 or 0x0801, sizes as four big-endian bytes each, cells."""
    sizes = b"".join(int(size).to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


BYTES = tuple(map(idx_bytes, ARRAYS))
DIGESTS = tuple(hashlib.sha256(data).hexdigest() for data in BYTES)
DATA_SET = replace(DATA_SETS["mnist"], files=IdxFiles("MNIST", (6, 3), DIGESTS))
TINY = IdxReader(DATA_SET)
FILES = TINY.files


def write_files(folder, data=BYTES):
    folder.mkdir(parents=True)
    for file, content in zip(FILES, data, strict=True):
        (folder / file.name).write_bytes(content)
    return folder


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """Empty places for `CNNVIZ_DATA` and `CNNVIZ_HOME`, and the tiny data set in the table."""
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(DATA_SETS, "mnist", DATA_SET)
    return tmp_path


def check(data):
    np.testing.assert_array_equal(data.train_images, ARRAYS[0][:, None], strict=True)
    np.testing.assert_array_equal(data.train_labels, ARRAYS[1], strict=True)
    np.testing.assert_array_equal(data.test_images, ARRAYS[2][:, None], strict=True)
    np.testing.assert_array_equal(data.test_labels, ARRAYS[3], strict=True)


@pytest.mark.parametrize("place", ["data/MNIST/raw", "home/data/MNIST/raw"])
def test_data_are_found_in_either_place(homes, place):
    write_files(homes / place)
    check(load_dataset("mnist", download=False))


def test_the_tables_shapes_are_those_of_the_real_files():
    for dataset in (dataset_reader("mnist"), dataset_reader("fashion")):
        assert [file.shape for file in dataset.files] == [
            (60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,),
        ]  # fmt: skip
        assert all(len(bytes.fromhex(file.sha256)) == 32 for file in dataset.files)


def test_unknown_names_are_refused():
    with pytest.raises(LookupError, match="mnist, fashion"):
        load_dataset("../mnist")


@pytest.mark.parametrize(
    ("which", "damage", "sentence"),
    [
        (0, lambda data: data[: len(data) // 2], "it has 2360 bytes, not 4720"),
        (0, lambda data: b"", "it has 0 bytes, not 4720"),
        (1, lambda data: data + b"\0", "it has 15 bytes, not 14"),
        (2, lambda data: b"\x01" + data[1:], "SHA-256"),
        (2, lambda data: data[:4] + b"\0\0\0\x04" + data[8:], "SHA-256"),
        (3, lambda data: data[:-1] + b"\x0b", "SHA-256"),
        (3, lambda data: gzip.compress(data)[:11], "SHA-256"),
    ],
)
def test_damaged_files_are_named(tmp_path, which, damage, sentence):
    damaged = [damage(data) if n == which else data for n, data in enumerate(BYTES)]
    folder = write_files(tmp_path / "raw", damaged)
    with pytest.raises(Explained, match=sentence) as error:
        TINY.read(folder)
    assert FILES[which].name in str(error.value)


def test_missing_data_are_explained_with_the_place_to_put_them(homes):
    write_files(homes / "data/MNIST/raw")
    (homes / "data/MNIST/raw" / FILES[3].name).unlink()
    with pytest.raises(Explained) as error:
        load_dataset("mnist", download=False)
    assert str(homes / "home/data/MNIST/raw") in str(error.value)
    assert FILES[3].name in str(error.value)


def fake_torchvision(monkeypatch, fetch):
    """Let the download be `fetch(folder)`, which stands for torchvision's class."""

    class Module:
        @staticmethod
        def MNIST(root, download):  # noqa: N802
            assert download
            fetch(root)

    monkeypatch.setattr("importlib.import_module", lambda name: Module)


def test_missing_data_are_downloaded_once_and_moved_into_place(homes, monkeypatch):
    calls = []

    def fetch(root):
        calls.append(root)
        time.sleep(0.2)
        write_files(Path(root) / "MNIST/raw")

    fake_torchvision(monkeypatch, fetch)
    write_files(homes / "home/data/MNIST/.download-killed/MNIST/raw")
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(load_dataset("mnist"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        check(result)
    assert (len(results), len(calls)) == (3, 1)
    left = {path.name for path in (homes / "home/data/MNIST").iterdir()}
    assert left <= {"raw", ".lock"}


@pytest.mark.parametrize("error", [OSError("no route"), RuntimeError("mirrors"), ImportError()])
def test_a_failed_download_is_one_sentence_and_leaves_nothing(homes, monkeypatch, error):
    def fetch(root):
        raise error

    fake_torchvision(monkeypatch, fetch)
    with pytest.raises(Explained, match="nor could it be downloaded"):
        load_dataset("mnist")
    assert not any(path.is_file() for path in (homes / "home/data/MNIST/raw").rglob("*"))


def test_a_broken_download_is_never_used(homes, monkeypatch):
    def fetch(root):
        write_files(Path(root) / "MNIST/raw", [*BYTES[:3], BYTES[3][:-1]])

    fake_torchvision(monkeypatch, fetch)
    with pytest.raises(Explained, match="damaged"):
        load_dataset("mnist")
    assert TINY.find() is None


def test_a_folder_that_cannot_be_made_is_one_sentence(homes, monkeypatch):
    (homes / "home").write_text("a file where a folder should be")
    fake_torchvision(monkeypatch, lambda root: None)
    with pytest.raises(Explained, match="put its four files"):
        load_dataset("mnist")


def test_importing_brings_no_downloader_along():
    code = (
        "import sys, cnnviz.nn.training.trained;"
        "print({'torchvision', 'platformdirs'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_another_copy_with_other_contents_is_not_mnist(tmp_path):
    files = replace(DATA_SET.files, sha256=("0" * 64,) * 4)
    other = IdxReader(replace(DATA_SET, files=files))
    with pytest.raises(Explained, match="SHA-256"):
        other.read(write_files(tmp_path / "raw"))


@pytest.mark.parametrize("name", ["CNNVIZ_HOME", "CNNVIZ_DATA"])
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("~/h", "{home}/h"),
        ("~", "{home}"),
        ("h", "{here}/h"),
        ("{home}/a b", "{home}/a b"),
        ("~nobody-at-all/h", "/nonexistent/h"),
    ],
)
def test_a_folder_that_is_given_is_found_from_anywhere(monkeypatch, tmp_path, name, given, found):
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv(name, given.format(home=home))
    place = files.home_folder() if name == "CNNVIZ_HOME" else files.places()[0]
    assert str(place) == found.format(home=home, here=here)


@pytest.mark.parametrize("given", ["", None])
def test_a_folder_that_is_not_given_is_the_users_own(monkeypatch, given):
    for name in ("CNNVIZ_HOME", "CNNVIZ_DATA"):
        monkeypatch.delenv(name, raising=False)
        if given is not None:
            monkeypatch.setenv(name, given)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: Path("~", "share", name))
    monkeypatch.setenv("HOME", "/home/ana")
    assert files.home_folder() == Path("/home/ana/share/cnnviz")
    assert files.places() == (Path("/home/ana/share/cnnviz/data"),)


def test_who_has_no_home_gets_no_folder_named_tilde(monkeypatch):
    def nobody(path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CNNVIZ_HOME", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: Path("~", "share", name))
    monkeypatch.setattr(Path, "expanduser", nobody)
    assert files.home_folder() == Path("/nonexistent/share/cnnviz")
