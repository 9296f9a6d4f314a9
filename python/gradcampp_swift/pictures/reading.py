"""Pictures in every form people have them, turned into what the library takes."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_path
from ..errors import BadDataError, GradCAMError, InvalidArgumentError, WrongTypeError
from ..files import read_start
from ..settings.limits import DEFAULT_LIMITS, Limits
from .pixels import array_pixels, check_pixel_count

if TYPE_CHECKING:
    import PIL.Image

ImageLike: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | npt.NDArray[Any] "
    "| PIL.Image.Image | _core.Image"
)
"""A path, the bytes of a file, an array, or a PIL image."""

LARGEST_PICTURE_FILE = 1 << 30
"""Bytes; above the size of `MOST_PIXELS` of uncompressed RGB."""

_ACCEPTED = "a path, encoded bytes, a NumPy array or a PIL image"


def as_image(image: object, limits: Limits = DEFAULT_LIMITS) -> _core.Image:
    """Turn a picture of any kind that `Model.explain` lists into the library's.

    Parameters
    ----------
    image
        The picture.
    limits
        What it may cost.

    Returns
    -------
    _core.Image
        RGB, 8 bits a channel, upright. Such an image is accepted and returned as it is.

    Raises
    ------
    GradCAMError
        With the built-in that fits; the message names the file, or says "image".
    """
    if isinstance(image, _core.Image):
        return image
    if isinstance(image, (str, os.PathLike)):
        path = check_path(image, "image")
        return decode(read_picture_file(path), path, limits)
    if isinstance(image, (bytes, bytearray, memoryview)):
        data = _bytes(image)
        if not data:
            raise BadDataError("image: no bytes, expected an encoded picture")
        return decode(data, "image", limits)
    if isinstance(image, np.ndarray):
        return _from_pixels(array_pixels(image, limits.pixels), "image", limits)
    # A PIL image exists only where PIL is loaded; nobody else should wait for the import.
    pil = sys.modules.get("PIL.Image")
    if pil is not None and isinstance(image, pil.Image):
        from .pillow_reading import pillow_pixels

        return _from_pixels(pillow_pixels(image, "image", limits.pixels), "image", limits)
    found = "None" if image is None else f"of type {type(image).__name__}"
    raise WrongTypeError(f"image is {found}, expected {_ACCEPTED}")


def take(image: object, limits: Limits = DEFAULT_LIMITS) -> Callable[[], _core.Image]:
    """Take a picture as it is now; what is returned decodes it, in any thread, later.

    What its owner may change meanwhile, such as an array that is filled again or a PIL image that
    goes to its next frame, is decoded or copied at once. Paths are not read yet.

    Raises
    ------
    GradCAMError
        As of `as_image`, for what is decoded at once.
    """
    if isinstance(image, (bytearray, memoryview)):
        image = _bytes(image)
    if isinstance(image, (str, os.PathLike)):
        image = check_path(image, "image")
    elif not isinstance(image, bytes):
        image = as_image(image, limits)
    return functools.partial(as_image, image, limits)


def _bytes(image: bytes | bytearray | memoryview) -> bytes:
    try:
        return bytes(image)
    except ValueError as error:  # a memoryview that was released
        raise InvalidArgumentError(f"image cannot be read: {error}") from None


def decode(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> _core.Image:
    """Decode a file's bytes: JPEG by the library, everything else by Pillow.

    Errors begin with `name`.
    """
    if not data.startswith(b"\xff\xd8\xff"):
        from .pillow_reading import decoded_pixels

        return _from_pixels(decoded_pixels(data, name, limits.pixels), name, limits)
    try:
        return _core.image_decode(data, limits)
    except GradCAMError as error:
        raise type(error)(f"{name}: {error}") from None


def read_picture_file(path: str) -> bytes:
    """Read the bytes of a picture, at most `LARGEST_PICTURE_FILE` of them."""
    data = read_start(path, LARGEST_PICTURE_FILE + 1)
    if not data:
        raise BadDataError(f"{path}: the file is empty, expected a picture")
    if len(data) > LARGEST_PICTURE_FILE:
        raise BadDataError(f"{path}: the file is larger than 1 GiB, expected a picture")
    return data


def _from_pixels(pixels: npt.NDArray[np.uint8], name: str, limits: Limits) -> _core.Image:
    """Copy uint8 (height, width, 3) pixels into a picture."""
    check_pixel_count(pixels.shape[0], pixels.shape[1], name, limits.pixels)
    return _core.image_from_rgb8(np.ascontiguousarray(pixels), limits)
