"""Saving pictures and numbers under a path whose suffix names the format."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import InvalidArgumentError, WrongTypeError
from .files import write_whole

JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
JPEG_QUALITY = 95


def check_suffix(path: str) -> str:
    """Return the suffix of `path` in lower case if it names a format that can be written."""
    if not isinstance(path, str):
        raise WrongTypeError(f"path is {path!r}, expected one of str")
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in (*JPEG_SUFFIXES, ".npy") and _pillow_format(suffix) is None:
        found = f"the suffix {suffix!r}" if suffix else "no suffix"
        raise InvalidArgumentError(
            f"{path}: {found} names no picture format, expected .jpeg, .png, .npy or the like"
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
    name = _pillow_format(suffix)
    try:
        write_whole(path, lambda file: image.save(file, format=name))
    except (ValueError, KeyError) as error:
        raise InvalidArgumentError(f"{path}: Pillow cannot write it: {error}") from None


def save_array(path: str, array: npt.NDArray[Any]) -> None:
    """Write an array as a NumPy file."""
    write_whole(path, lambda file: np.save(file, array))


def _pillow_format(suffix: str) -> str | None:
    """Name the format that Pillow writes under a suffix."""
    from PIL import Image

    Image.preinit()
    if suffix not in Image.EXTENSION:
        Image.init()  # loads every plugin there is, which takes a while
    name = Image.EXTENSION.get(suffix)
    return name if name in Image.SAVE else None
