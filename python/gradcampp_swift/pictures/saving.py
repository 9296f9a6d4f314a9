"""Saving pictures and numbers under a path whose suffix names the format."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import InvalidArgumentError
from ..files import write_whole

JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
JPEG_QUALITY = 95

# Formats of Pillow that hold RGB of any size.
_PILLOW_FORMATS = {
    ".avif": "AVIF",
    ".bmp": "BMP",
    ".dib": "DIB",
    ".eps": "EPS",
    ".gif": "GIF",
    ".jp2": "JPEG2000",
    ".pcx": "PCX",
    ".pdf": "PDF",
    ".png": "PNG",
    ".pnm": "PPM",
    ".ppm": "PPM",
    ".sgi": "SGI",
    ".tga": "TGA",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
}

_REMEDY = "end it with .jpeg, .png or .npy"


def check_suffix(path: str) -> str:
    """Return the suffix of `path` in lower case if it names a format that can be written."""
    suffix = os.path.splitext(path)[1].lower()
    if not suffix:
        raise InvalidArgumentError(f"{path} has no suffix; {_REMEDY}")
    if suffix in (*JPEG_SUFFIXES, ".npy"):
        return suffix
    if suffix not in _PILLOW_FORMATS:
        raise InvalidArgumentError(f"{path} ends with {suffix}, which is not written; {_REMEDY}")
    if not _is_written_by_pillow(suffix):
        raise InvalidArgumentError(
            f"{path} ends with {suffix}, which this Pillow does not write; {_REMEDY}"
        )
    return suffix


def save_picture(path: str, picture: _core.Image) -> None:
    """Write a picture: JPEG by the library, other formats by Pillow."""
    suffix = check_suffix(path)
    if suffix in JPEG_SUFFIXES:
        data = picture.jpeg(JPEG_QUALITY)
        write_whole(path, lambda file: file.write(data))
        return
    from PIL import Image

    image = Image.fromarray(picture.pixels())
    name = _PILLOW_FORMATS[suffix]
    try:
        write_whole(path, lambda file: image.save(file, format=name))
    except (ValueError, KeyError) as error:
        raise InvalidArgumentError(f"{path}: Pillow cannot write it: {error}") from None


def save_array(path: str, array: npt.NDArray[Any]) -> None:
    """Write an array as a NumPy file."""
    write_whole(path, lambda file: np.save(file, array))


def _is_written_by_pillow(suffix: str) -> bool:
    """Find out whether the Pillow at hand was built with a format."""
    from PIL import Image

    Image.preinit()
    if _PILLOW_FORMATS[suffix] not in Image.SAVE:
        Image.init()  # loads every plugin there is, which takes a while
    return _PILLOW_FORMATS[suffix] in Image.SAVE
