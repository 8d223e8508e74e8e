"""Labelled pictures to train and test with: found on the disk, or downloaded once.

Read from `CNNVIZ_DATA`, else from `CNNVIZ_HOME`/data; every byte is checked. A data set in a
format that is known is one entry here.
"""

from __future__ import annotations

from cnnviz.core.messages import N_
from cnnviz.core.networks.models import CLOTHES
from cnnviz.nn.data.cifar import Archive, CifarDataset
from cnnviz.nn.data.digits import WheelDigits
from cnnviz.nn.data.files import Dataset, ImageData, home_folder
from cnnviz.nn.data.idx import IdxDataset, IdxFile

__all__ = ["DATASETS", "Dataset", "ImageData", "home_folder", "load_dataset"]


def _files(*digests: str) -> tuple[IdxFile, IdxFile, IdxFile, IdxFile]:
    return (
        IdxFile("train-images-idx3-ubyte", (60_000, 28, 28), digests[0]),
        IdxFile("train-labels-idx1-ubyte", (60_000,), digests[1]),
        IdxFile("t10k-images-idx3-ubyte", (10_000, 28, 28), digests[2]),
        IdxFile("t10k-labels-idx1-ubyte", (10_000,), digests[3]),
    )


# SHA-256 of the unpacked files; the archives they come in are checked by torchvision, with the
# MD5 sums that the data sets' authors publish.
_ALL: tuple[Dataset, ...] = (
    IdxDataset(
        "mnist",
        N_("Handwritten digits (MNIST)"),
        "MNIST",
        _files(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
        "LeCun, Cortes & Burges, yann.lecun.com/exdb/mnist, CC BY-SA 3.0",
    ),
    IdxDataset(
        "fashion",
        N_("Clothes (Fashion-MNIST)"),
        "FashionMNIST",
        _files(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        "Xiao, Rasul & Vollgraf, arXiv:1708.07747, MIT licence, © 2017 Zalando SE",
        CLOTHES,
    ),
    CifarDataset(
        "cifar10",
        N_("Colour photographs (CIFAR-10)"),
        (
            Archive(
                "cifar-10-binary.tar.gz",
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
            Archive(
                "cifar10-jpeg.tar.gz",
                19_429_772,
                "5955f9d5326ce8eead7592d9a802df41998436a594c4d643e9ae55b3b091e4c4",
            ),
        ),
        (50_000, 10_000),
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "c32a1d4ab5d03f1284b67883e8d87530",
        "Krizhevsky, Learning multiple layers of features from tiny images, 2009",
    ),
    WheelDigits(
        "digits",
        N_("Small handwritten digits (scikit-learn)"),
        "Alpaydin & Kaynak, Optical recognition of handwritten digits, UCI, 1998, CC BY 4.0; "
        "its test part, as scikit-learn ships it",
    ),
)
DATASETS: dict[str, Dataset] = {dataset.id: dataset for dataset in _ALL}


def load_dataset(dataset_id: str, *, download: bool = True) -> ImageData:
    """Return a data set, every byte of it checked; download it where it is missing.

    Raises:
        LookupError: no data set has this id; it names those there are.
        Explained: files are damaged, or missing and not to be had; it says where to put them.
    """
    if dataset_id not in DATASETS:
        raise LookupError(f"no data set {dataset_id!r}; there are {', '.join(DATASETS)}")
    dataset = DATASETS[dataset_id]
    place = dataset.find()
    if place is None:
        if not download:
            raise dataset.missing()
        place = dataset.download()
    return dataset.read(place)
