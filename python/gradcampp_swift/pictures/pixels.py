"""Arrays of pixels, brought to uint8 RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import BadDataError, InvalidArgumentError, WrongTypeError
from ..settings.limits import DEFAULT_LIMITS

MOST_PIXELS = DEFAULT_LIMITS.pixels
"""Of a picture that is read, decoded, taken or drawn, where no limits say otherwise."""


def check_pixel_count(height: int, width: int, name: str, most: int = MOST_PIXELS) -> None:
    """Refuse pictures without pixels, and those of more than `most`."""
    if not 1 <= height * width <= most:
        raise BadDataError(
            f"{name}: a picture of {height} x {width} pixels (height x width) cannot be used; "
            f"1 to {most} pixels are expected, unless pixels of the limits is raised"
        )


def array_pixels(array: npt.NDArray[Any], most: int = MOST_PIXELS) -> npt.NDArray[np.uint8]:
    """Make uint8 (height, width, 3) of a uint8 array or of one of floats in [0, 1]."""
    array = np.asarray(array)  # np.matrix has its own idea of dimensions
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise InvalidArgumentError(
            f"image is an array of shape {array.shape}, expected (height, width), "
            "(height, width, 3) or, with alpha, (height, width, 4)"
        )
    check_pixel_count(array.shape[0], array.shape[1], "image", most)
    return as_rgb(as_uint8(array))


def as_uint8(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Take uint8 as it is, and floats in [0, 1] rounded to 8 bits."""
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind != "f":
        raise WrongTypeError(
            f"image is an array of {array.dtype}, expected uint8 or floats in [0, 1]"
        )
    if array.size:
        low, high = array.min(), array.max()
        if np.isnan(low):
            raise InvalidArgumentError("image holds NaN, expected floats in [0, 1]")
        if not (low >= 0 and high <= 1):
            raise InvalidArgumentError(
                f"image holds floats from {low:g} to {high:g}, expected [0, 1]: "
                "divide by 255, or pass uint8"
            )
    return np.rint(array.astype(np.float64) * 255).astype(np.uint8)


def as_rgb(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Bring grey, RGB or RGBA pixels to (height, width, 3); alpha is composed over white."""
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]
    if pixels.shape[2] == 1:
        return np.repeat(pixels, 3, axis=2)
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3:].astype(np.uint16)
    # color * alpha + 255 * (255 - alpha) is at most 255 * 255, and with 127 more still fits.
    composed = (pixels[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return composed.astype(np.uint8)
