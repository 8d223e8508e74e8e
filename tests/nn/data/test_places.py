"""Data sets as people have them: packed, spelt otherwise, in another folder, half, or swapped."""

import gzip
import shutil
import struct

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.nn.data import dataset_reader, load_dataset
from cnnviz.nn.data.cifar import CifarReader
from tests.nn.data.test_archives import BINARY, CELLS, CIFAR, FLAT, batch, placed, tar
from tests.nn.data.test_datasets import (
    BYTES,
    DATA_SET,
    FILES,
    check,
    fake_torchvision,
    write_files,
)  # fmt: skip


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """Places for `CNNVIZ_DATA` and `CNNVIZ_HOME`, and a tiny MNIST in the table."""
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(DATA_SETS, "mnist", DATA_SET)
    return tmp_path


@pytest.fixture
def data(homes):
    """The folder that `CNNVIZ_DATA` names."""
    (homes / "data").mkdir()
    return homes / "data"


SPELT = {
    "packed": lambda name: f"{name}.gz",
    "with a dot": lambda name: name.replace("-idx", ".idx"),
    "packed, with a dot": lambda name: name.replace("-idx", ".idx") + ".gz",
    "in capitals": str.upper,
    "with other signs": lambda name: name.replace("-", "_") + ".GZ",
}


@pytest.mark.parametrize("spelling", SPELT)
@pytest.mark.parametrize("folder", ["MNIST/raw", "MNIST", "mnist/RAW", "raw", ""])
def test_files_are_found_however_they_are_spelt_and_wherever_they_lie(data, spelling, folder):
    place = data / folder
    place.mkdir(parents=True, exist_ok=True)
    for file, content in zip(FILES, BYTES, strict=True):
        name = SPELT[spelling](file.name)
        is_packed = name.lower().endswith("gz")
        (place / name).write_bytes(gzip.compress(content) if is_packed else content)
    check(load_dataset("mnist", download=False))


@pytest.mark.parametrize("named", ["data/MNIST", "data/MNIST/raw", "data"])
def test_the_variable_may_name_the_folder_itself(homes, monkeypatch, named):
    write_files(homes / "data/MNIST/raw")
    monkeypatch.setenv("CNNVIZ_DATA", str(homes / named))
    check(load_dataset("mnist", download=False))


def test_files_of_another_data_set_are_left_alone_where_nothing_says_whose_they_are(
    homes, data, monkeypatch
):
    write_files(data / "MNIST/raw")
    monkeypatch.setenv("CNNVIZ_DATA", str(data / "MNIST/raw"))
    assert dataset_reader("fashion").find() is None
    with pytest.raises(Explained, match="which CNNVIZ_DATA names; put its four files"):
        load_dataset("fashion", download=False)
    own = homes / "home/data/FashionMNIST/raw"
    write_files(own)
    assert dataset_reader("fashion").find() == own


def test_another_data_sets_files_are_refused_by_name(data):
    write_files(data / "FashionMNIST/raw")
    with pytest.raises(Explained, match="in it is train-images-idx3-ubyte of the data set “mnist”"):
        load_dataset("fashion", download=False)


@pytest.mark.parametrize("is_packed", [False, True])
def test_swapped_files_are_refused_by_name(data, is_packed):
    write_files(data / "MNIST/raw", (BYTES[2], BYTES[1], BYTES[0], BYTES[3]))
    if is_packed:
        for file in (data / "MNIST/raw").iterdir():
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            file.unlink()
    with pytest.raises(Explained, match="in it is t10k-images-idx3-ubyte of the data set “mnist”"):
        load_dataset("mnist", download=False)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: data[:20], lambda data: data + b"x"]
)
def test_packed_files_that_are_damaged_are_named(data, damage):
    write_files(data / "MNIST/raw")
    path = data / "MNIST/raw" / FILES[0].name
    path.with_name(f"{path.name}.gz").write_bytes(damage(gzip.compress(path.read_bytes())))
    path.unlink()
    with pytest.raises(Explained, match=r"ubyte\.gz” is damaged"):
        load_dataset("mnist", download=False)


def test_a_packed_file_that_swells_is_not_unpacked_to_its_end(data):
    write_files(data / "MNIST/raw")
    (data / "MNIST/raw" / FILES[0].name).write_bytes(gzip.compress(bytes(100_000_000), 1))
    with pytest.raises(Explained, match="is damaged: it has 47040017 bytes"):
        load_dataset("mnist", download=False)


def test_of_three_files_the_missing_one_is_named(data, monkeypatch):
    folder = write_files(data / "MNIST/raw")
    (folder / FILES[1].name).unlink()
    fake_torchvision(monkeypatch, lambda root: (_ for _ in ()).throw(OSError()))
    with pytest.raises(Explained) as refusal:
        load_dataset("mnist")
    told = str(refusal.value)
    assert f"“{folder}” lacks {FILES[1].name}; put what is missing there" in told
    assert FILES[0].name not in told


def test_whole_files_elsewhere_are_taken_before_half_of_them(homes, data):
    folder = write_files(data / "MNIST/raw")
    (folder / FILES[1].name).unlink()
    write_files(homes / "home/data/MNIST/raw")
    check(load_dataset("mnist", download=False))


@pytest.mark.parametrize("dataset", ["mnist", "cifar10"])
def test_advice_about_the_variable_is_given_where_it_is_true(homes, monkeypatch, dataset):
    monkeypatch.setenv("CNNVIZ_DATA", str(homes / "nowhere"))
    with pytest.raises(Explained, match=r"CNNVIZ_DATA names “.*nowhere”, where no folder is"):
        load_dataset(dataset, download=False)
    (homes / "nowhere").mkdir()
    with pytest.raises(Explained, match=r"not in “.*nowhere”, which CNNVIZ_DATA names"):
        load_dataset(dataset, download=False)
    monkeypatch.delenv("CNNVIZ_DATA")
    with pytest.raises(Explained, match="or set CNNVIZ_DATA to where"):
        load_dataset(dataset, download=False)


# ------------------------------------------------------------------------ CIFAR-10


def pickled(cells, labels):
    """A batch as Python 2 pickled it: byte strings, an array of numpy.core, numbers of a byte."""

    def short(text):
        return b"U" + bytes((len(text),)) + text

    raw = cells.tobytes()
    data = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85" + short(b"b") + b"tR"
        b"(K\x01K" + bytes((len(cells),)) + b"M\x00\x0c\x86cnumpy\ndtype\n(" + short(b"u1")
        + b"K\x00K\x01tR\x89T" + struct.pack("<I", len(raw)) + raw + b"tb"
    )  # fmt: skip
    numbers = b"](" + b"".join(b"K" + bytes((label,)) for label in labels) + b"e"
    items = short(b"batch_label") + short(b"batch 1 of 5") + short(b"labels") + numbers
    return (
        b"\x80\x02}(" + items + short(b"data") + data + short(b"filenames") + b"](U\x01ae" + b"u."
    )


PICKLED = [
    ("cifar-10-batches-py/test_batch", pickled(CELLS[4:], [9, 0])),
    ("cifar-10-batches-py/data_batch_2", pickled(CELLS[2:4], [2, 3])),
    ("cifar-10-batches-py/batches.meta", b"cos\nsystem\n(S'false'\ntR."),
    ("cifar-10-batches-py/data_batch_1", pickled(CELLS[:2], [0, 1])),
]
BATCHES = [
    ("cifar-10-batches-bin/test_batch.bin", batch(CELLS[4:], [9, 0])),
    ("cifar-10-batches-bin/data_batch_1.bin", batch(CELLS[:4], [0, 1, 2, 3])),
]


def assert_cells(read):
    np.testing.assert_array_equal(read.train_images, CELLS[:4], strict=True)
    np.testing.assert_array_equal(read.test_images, CELLS[4:], strict=True)
    assert read.train_labels.tolist() == [0, 1, 2, 3]
    assert read.test_labels.tolist() == [9, 0]


def unpacked(folder, members):
    for name, content in members:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_the_python_version_is_read_and_nothing_in_it_is_run(tmp_path):
    cifar, path = placed(tmp_path, tar(PICKLED), which=2)
    assert_cells(cifar.read(path))


@pytest.mark.parametrize("members", [BATCHES, PICKLED], ids=["binary", "python"])
@pytest.mark.parametrize("where", ["", "CIFAR10", "itself"])
def test_unpacked_archives_are_read(data, monkeypatch, members, where):
    unpacked(data / ("" if where == "itself" else where), members)
    if where == "itself":
        monkeypatch.setenv("CNNVIZ_DATA", str(data / members[0][0].partition("/")[0]))
    cifar = CifarReader(DATA_SETS["cifar10"], counts=(4, 2))
    assert_cells(cifar.read(cifar.find()))


@pytest.mark.parametrize("name", ["cifar10", "itself"])
def test_unpacked_pictures_are_read(data, monkeypatch, name):
    unpacked(data, FLAT)
    if name == "itself":
        monkeypatch.setenv("CNNVIZ_DATA", str(data / "cifar10"))
    cifar = CifarReader(DATA_SETS["cifar10"], counts=(20, 10))
    read = cifar.read(cifar.find())
    assert read.train_labels.tolist() == [*range(10)] * 2


@pytest.mark.parametrize(
    "name", ["CIFAR-10-Binary.tar.gz", "cifar10/cifar-10-binary.tar.gz", "cifar_10_binary.tar.gz"]
)
def test_an_archive_is_found_however_it_is_spelt(data, tmp_path, name):
    cifar, path = placed(tmp_path, BINARY)
    (data / name).parent.mkdir(exist_ok=True)
    shutil.move(path, data / name)
    assert_cells(cifar.read(cifar.find()))


@pytest.mark.parametrize(
    "members",
    [
        BATCHES[:1],
        [BATCHES[0], (BATCHES[1][0], BATCHES[1][1][:-1])],
        [BATCHES[0], (BATCHES[1][0], batch(CELLS[:4], [0, 1, 2, 11]))],
        [PICKLED[0], (PICKLED[1][0], b"cos\nsystem\n(S'false'\ntR.")],
        [PICKLED[0], (PICKLED[1][0], b"no pickle")],
        [PICKLED[0], (PICKLED[1][0], pickled(CELLS[:4], [0, 1, 2]))],
    ],
    ids=["missing", "cut", "eleventh class", "code", "no pickle", "label short"],
)
def test_an_unpacked_folder_that_is_not_whole_is_one_sentence(data, members):
    unpacked(data, members)
    cifar = CifarReader(DATA_SETS["cifar10"], counts=(4, 2))
    with pytest.raises(Explained, match="is not all of CIFAR-10, or not that"):
        cifar.read(cifar.find())


def test_swapped_batches_are_noticed_by_their_classes(data):
    many = np.zeros((2000, 3, 32, 32), np.uint8)
    even, uneven = np.arange(2000) % 10, np.arange(2000) % 10
    uneven[0] = 1
    for tested, is_right in ((even, True), (uneven, False)):
        members = [(BATCHES[0][0], batch(many, tested)), (BATCHES[1][0], batch(many, even))]
        unpacked(data, members)
        cifar = CifarReader(DATA_SETS["cifar10"], counts=(2000, 2000))
        if is_right:
            assert len(cifar.read(cifar.find()).test_labels) == 2000
        else:
            with pytest.raises(Explained, match="hold something else"):
                cifar.read(cifar.find())


def test_the_checksums_of_the_real_archives_are_known():
    assert {each.name: each.size for each in CIFAR.archives} == {
        "cifar-10-binary.tar.gz": 170_052_171,
        "cifar10-jpeg.tar.gz": 19_429_772,
        "cifar-10-python.tar.gz": 170_498_071,
    }
    assert DATA_SET.id == "mnist"
