"""Where instances of classes lie: a file of boxes, and a folder of masks."""

from __future__ import annotations

import csv
import io
import os
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...classes.class_names import ClassNames
from ...classes.targets import Logit, Not, Value
from ...errors import AmbiguousNameError, BadDataError, ClassIndexError, UnknownNameError
from ...files import read_text_file
from ...metrics import Truth
from ...pictures.reading import read_picture_file
from .view import View

FIELDS = ("file", "label", "x0", "y0", "x1", "y1")


class Instance(NamedTuple):
    """One line of the file of boxes."""

    label: str
    target: Value | None
    """What is explained of that label; None where the model has no class of it."""
    corners: tuple[float, float, float, float]
    """x0, y0, x1, y1 in pixels of the upright picture, half-open."""


class GroundTruth:
    """Boxes, and masks where there are some, of the pictures of a folder.

    Parameters
    ----------
    path
        The boxes: CSV, UTF-8, with the header file,label,x0,y0,x1,y1 and a line for each
        instance. A label is a label of the model or, where there is no such label, its class
        index; it may not be that of several classes.
    names
        Of the model's classes.
    masks
        A folder, which may not exist. `NAME.png` in it belongs to the picture NAME.jpg or
        NAME.png: one channel of 8 bits, of the picture's size, where 0 is background and k the
        instance of the k-th line that names this picture.

    Raises
    ------
    MissingFileError, FileAccessError, BadDataError
        The file of boxes cannot be read, or a line is not as above.
    """

    def __init__(self, path: str, names: ClassNames, masks: str) -> None:
        self._masks = masks
        self._instances: dict[str, list[Instance]] = {}
        self.has_masks = os.path.isdir(masks)
        known: dict[str, Value | None] = {}
        for file, label, corners in _read(path):
            if label not in known:
                known[label] = _target_of(label, names, path)
            found = Instance(label, known[label], corners)
            self._instances.setdefault(file, []).append(found)
        self.files = set(self._instances)
        self.unknown_labels = sorted(label for label, target in known.items() if target is None)

    def instances(self, file: str) -> list[Instance]:
        """List the lines of one picture."""
        return self._instances.get(file, [])

    def labelled(self, file: str) -> Instance | None:
        """Find the picture's own label: that of its first line."""
        return next(iter(self.instances(file)), None)

    def mask_path(self, file: str) -> str | None:
        """Say where the mask of a picture that has lines lies, if there is one."""
        if not self.has_masks or not self.instances(file):
            return None
        return os.path.join(self._masks, os.path.splitext(file)[0] + ".png")

    def read_mask(self, file: str) -> bytes | None:
        """Read the file of a picture's mask; None if there is none, or the picture has no lines.

        Raises
        ------
        FileAccessError, BadDataError
            It cannot be read.
        """
        path = self.mask_path(file)
        return read_picture_file(path) if path is not None and os.path.exists(path) else None

    def mask(self, file: str, data: bytes, view: View) -> npt.NDArray[np.uint8]:
        """Decode the mask of one picture, as the network would see it.

        Returns
        -------
        uint8 (rows, columns)

        Raises
        ------
        BadDataError
            It cannot be decoded, is not of the picture's size, or numbers an instance that has no
            line.
        """
        path = self.mask_path(file)
        mask = _decoded_mask(data, f"{path}")
        height, width = view.area.image_height, view.area.image_width
        if mask.shape != (height, width):
            raise BadDataError(
                f"{path}: a mask of {mask.shape[0]} x {mask.shape[1]} pixels (height x width), "
                f"expected {height} x {width}, the picture's size"
            )
        count, highest = len(self.instances(file)), int(mask.max())
        if highest > count:
            raise BadDataError(f"{path}: it holds instance {highest}, the boxes have {count}")
        return view.mask(mask)

    def truth(
        self, file: str, target: Value, view: View, mask: npt.NDArray[np.uint8] | None
    ) -> Truth | None:
        """Find the instances of one class in the network's view; None if there are none in it."""
        region = np.zeros((view.rows, view.columns), np.bool_)
        boxes, numbers = [], []
        for number, instance in enumerate(self.instances(file), start=1):
            box = view.box(instance.corners) if instance.target == target else None
            if box is not None:
                x0, y0, x1, y1 = box
                region[y0:y1, x0:x1] = True
                boxes.append(box)
                numbers.append(number)
        if not boxes:
            return None
        return Truth(tuple(boxes), region, None if mask is None else np.isin(mask, numbers))


def _read(path: str) -> list[tuple[str, str, tuple[float, float, float, float]]]:
    """Read the lines of a file of boxes."""
    lines = []
    try:
        text = read_text_file(path, "boxes").decode("utf-8-sig", "surrogateescape")
        with io.StringIO(text, newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = reader.fieldnames or []
            if not set(FIELDS) <= set(header):
                raise BadDataError(
                    f"{path}: the first line is {','.join(header)!r}, expected {','.join(FIELDS)}"
                )
            for line in reader:
                if None in line.values():
                    count = sum(cell is not None for cell in line.values())
                    raise BadDataError(
                        f"{path}: line {reader.line_num} has {count} cells, expected "
                        f"{len(header)}, as in the first line"
                    )
                lines.append((line["file"], line["label"], _corners(line, path, reader.line_num)))
    except csv.Error as error:
        raise BadDataError(f"{path}: not CSV: {error}") from None
    if not lines:
        raise BadDataError(f"{path}: it holds no box")
    return lines


def _corners(line: dict[str, str], path: str, number: int) -> tuple[float, float, float, float]:
    try:
        x0, y0, x1, y1 = (float(line[name]) for name in FIELDS[2:])
    except ValueError:
        x0 = y0 = x1 = y1 = np.nan
    if not (-np.inf < x0 < x1 < np.inf and -np.inf < y0 < y1 < np.inf):
        found = ",".join(str(line[name]) for name in FIELDS[2:])
        raise BadDataError(
            f"{path}: line {number} has the box {found!r}, expected numbers x0,y0,x1,y1 with "
            "x0 < x1 and y0 < y1"
        )
    return x0, y0, x1, y1


def _target_of(label: str, names: ClassNames, path: str) -> Value | None:
    """Find what a label, or a number, means; None if the model has no such class."""
    # The column is one of labels: these go before indices.
    for text in (f"label:{label}", label):
        try:
            return Not(0) if names.is_opposite(text) else Logit(names.index(text))
        except AmbiguousNameError as error:
            raise BadDataError(f"{path}: {error}") from None
        except (UnknownNameError, ClassIndexError):
            continue
    return None


def _decoded_mask(data: bytes, path: str) -> npt.NDArray[np.uint8]:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            mask = np.asarray(image)
    except Exception as error:  # Pillow's decoders raise whatever their parsing meets
        reason = " ".join(str(error).split()) or type(error).__name__
        raise BadDataError(f"{path}: the mask cannot be decoded: {reason}") from None
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise BadDataError(
            f"{path}: a mask of {mask.dtype} and shape {mask.shape}, expected one channel of 8 bits"
        )
    return mask
