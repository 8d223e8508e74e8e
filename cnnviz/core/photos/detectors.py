"""The networks that find things on photographs: what they are, before any of them is loaded.

A plain table, read without torch. `nn.photos.detectors` builds them; tests hold the table equal to
what torchvision says of its own weights. None arrives with the installation.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.photos.networks import HOST, digits_in


@dataclass(frozen=True, slots=True)
class PhotoDetector:
    """A network trained on COCO's pictures to draw boxes around things of 80 classes.

    Attributes:
        id: As in links and in `nn.photos.detectors.load_detector`; stable.
        name: For people, the same in every language.
        year: In which it was published.
        source: Where it is described.
        builder: Name of the function that builds it, in torchvision's detection models.
        file_name: Of the weights; it ends in the first eight digits of their SHA-256.
        size_mb: Of the file, in units of 1,048,576 bytes.
        parameters: Numbers the network has learnt.
        precision: Mean average precision on COCO's validation pictures, in [0, 1], as the makers
            of the weights state it.
        licence: Of the weights.
    """

    id: str
    name: str
    year: int
    source: str
    builder: str
    file_name: str
    size_mb: float
    parameters: int
    precision: float
    licence: str = "torchvision, BSD-3-Clause; trained on COCO, annotations CC BY 4.0"

    @property
    def is_offline(self) -> bool:
        """Whether the weights arrive with the installation."""
        return False

    @property
    def url(self) -> str:
        """Where the weights are downloaded."""
        return HOST + self.file_name

    @property
    def sha256(self) -> str:
        """The first eight digits of the file's SHA-256."""
        return digits_in(self.file_name)


_ALL = (
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

PHOTO_DETECTORS: dict[str, PhotoDetector] = {each.id: each for each in _ALL}
"""In display order."""


def photo_detector(detector_id: str) -> PhotoDetector:
    """Return what is known of a detector.

    Raises:
        LookupError: none has this id; it names those there are.
    """
    if detector_id not in PHOTO_DETECTORS:
        raise LookupError(f"no detector {detector_id!r}; there are {', '.join(PHOTO_DETECTORS)}")
    return PHOTO_DETECTORS[detector_id]
