"""The labelled data sets, in one table: all that the app, the commands and programs know of one.

A data set in a format that is known here is one entry of `DATA_SETS`; `nn.data` reads the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cnnviz.core.messages import N_


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """Four files in MNIST's own format, which torchvision downloads.

    Attributes:
        folder: Under `CNNVIZ_DATA`, with a folder `raw` in it; torchvision's class, too.
        counts: Pictures to train and to test with.
        sha256: Unpacked training pictures, training labels, test pictures, test labels. The
            archives they come in are checked by torchvision, with the MD5 sums of the authors.
    """

    folder: str
    counts: tuple[int, int]
    sha256: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Loader:
    """How an exported program reads a data set, as `nn.data` does.

    Attributes:
        needs: The package to install.
        imports: A line.
        text: The function `load_data`.
    """

    needs: str
    imports: str
    text: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """Labelled pictures to train and test with.

    Attributes:
        id: As links and cards name it; `cnnviz train <id>` takes all of them.
        name: For people; translated where it is shown.
        shape: (C, H, W) of its pictures.
        mean: Mean of the training pictures' pixels in [0, 1], channel by channel.
        std: Their standard deviation.
        labels: Name of every class, in the official order; translated where it is shown.
        is_ink: Whether its pictures are white on black, and so can be drawn.
        kind: Kind of the samples that suit it, as in `core.samples`; digits are centred, too.
        first_sample: Id of the sample that a page begins with.
        other_sample: Id of the sample that one is compared with at first.
        source: Who made it, where it is described, and its licence.
        files: Where its pictures come from: MNIST's format, or one that it alone has, read by
            `nn.data`: CIFAR-10's archives, or a file that is installed with a package.
        loader: How an exported program reads it.
    """

    id: str
    name: str
    shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    labels: tuple[str, ...]
    is_ink: bool
    kind: Literal["digit", "clothing", "photograph"]
    first_sample: str
    other_sample: str
    source: str
    files: IdxFiles | Literal["cifar", "wheel"]
    loader: Loader

    @property
    def is_fetched(self) -> bool:
        """Whether its files are downloaded; else they come along with a package."""
        return self.files != "wheel"


def torchvision_loader(name: str, images: str) -> Loader:
    """Return the loader of a class of torchvision; `images` makes (N, C, H, W) of a `part`."""
    text = f'''
def load_data():
    """Read the pictures (N, C, H, W) and labels to learn from, and those to test with."""
    parts = [
        datasets.{name}("data", train=is_train, download=True) for is_train in (True, False)
    ]
    return [({images}, np.array(part.targets)) for part in parts]
'''
    return Loader("torchvision", "from torchvision import datasets", text)


_DIGITS_LOADER = Loader(
    "scikit-learn",
    "from sklearn.datasets import load_digits",
    '''
def load_data():
    """Read the pictures (N, C, H, W) and labels to learn from, and those to test with."""
    digits = load_digits()
    images = np.round(digits.images * (255 / 16)).astype(np.uint8)[:, None]
    return [(images[:-360], digits.target[:-360]), (images[-360:], digits.target[-360:])]
''',
)
_DIGITS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_CLOTHES = (
    N_("T-shirt"), N_("Trousers"), N_("Pullover"), N_("Dress"), N_("Coat"),
    N_("Sandal"), N_("Shirt"), N_("Sneaker"), N_("Bag"), N_("Ankle boot"),
)  # fmt: skip
_OBJECTS = (
    N_("airplane"), N_("automobile"), N_("bird"), N_("cat"), N_("deer"),
    N_("dog"), N_("frog"), N_("horse"), N_("ship"), N_("truck"),
)  # fmt: skip

# Mean and std of digits, MNIST and Fashion-MNIST are measured on their 1,437, 60,000 and 60,000
# training pictures; CIFAR-10's are those widely published.
_ALL = (
    DataSet(
        id="digits", name=N_("Small handwritten digits (scikit-learn)"),
        shape=(1, 8, 8), mean=(0.3054,), std=(0.3753,),
        labels=_DIGITS, is_ink=True,
        kind="digit", first_sample="digit-7", other_sample="digit-3",
        source="Alpaydin & Kaynak, Optical recognition of handwritten digits, UCI, 1998, "
        "CC BY 4.0; its test part, as scikit-learn ships it",
        files="wheel", loader=_DIGITS_LOADER,
    ),
    DataSet(
        id="mnist", name=N_("Handwritten digits (MNIST)"),
        shape=(1, 28, 28), mean=(0.1307,), std=(0.3081,),
        labels=_DIGITS, is_ink=True,
        kind="digit", first_sample="digit-7", other_sample="digit-3",
        source="LeCun, Cortes & Burges, yann.lecun.com/exdb/mnist, CC BY-SA 3.0",
        files=IdxFiles(
            "MNIST", (60_000, 10_000), (
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        loader=torchvision_loader("MNIST", "part.data.numpy()[:, None]"),
    ),
    DataSet(
        id="fashion", name=N_("Clothes (Fashion-MNIST)"),
        shape=(1, 28, 28), mean=(0.2860,), std=(0.3530,),
        labels=_CLOTHES, is_ink=True,
        kind="clothing", first_sample="t-shirt", other_sample="dress",
        source="Xiao, Rasul & Vollgraf, arXiv:1708.07747, MIT licence, © 2017 Zalando SE",
        files=IdxFiles(
            "FashionMNIST", (60_000, 10_000), (
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            ),
        ),
        loader=torchvision_loader("FashionMNIST", "part.data.numpy()[:, None]"),
    ),
    DataSet(
        id="cifar10", name=N_("Colour photographs (CIFAR-10)"),
        shape=(3, 32, 32), mean=(0.4914, 0.4822, 0.4465), std=(0.2470, 0.2435, 0.2616),
        labels=_OBJECTS, is_ink=False,
        kind="photograph", first_sample="cat", other_sample="rocket",
        source="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
        files="cifar", loader=torchvision_loader("CIFAR10", "part.data.transpose(0, 3, 1, 2)"),
    ),
)  # fmt: skip
DATA_SETS: dict[str, DataSet] = {each.id: each for each in _ALL}
"""In the order of the form: the first one needs no download."""


def is_digits(dataset: str) -> bool:
    """Whether a data set's pictures are handwritten digits; False for one that is not known."""
    return dataset in DATA_SETS and DATA_SETS[dataset].kind == "digit"


def is_inked(dataset: str) -> bool:
    """Whether a data set's pictures are white on black; False for one that is not known."""
    return dataset in DATA_SETS and DATA_SETS[dataset].is_ink
