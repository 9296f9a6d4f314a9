"""Arrays of pixels, brought to uint8 RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..arguments import check_unmasked
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


ROUNDING = 1e-3
"""How far floats may lie outside [0, 1]: a quarter of a level, more than arithmetic goes astray."""


_OVERSHOOT = 0.5
"""How far resizing by cubic and Lanczos filters leaves [0, 1], with room to spare."""


def array_pixels(array: npt.NDArray[Any], most: int = MOST_PIXELS) -> npt.NDArray[np.uint8]:
    """Make uint8 (height, width, 3) of an array; `as_uint8` says of which types."""
    check_unmasked(array, "image")
    array = np.asarray(array)  # np.matrix has its own idea of dimensions
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise InvalidArgumentError(
            f"image is an array of shape {array.shape}, expected (height, width), "
            f"(height, width, 3) or, with alpha, (height, width, 4){_hint(array)}"
        )
    check_pixel_count(array.shape[0], array.shape[1], "image", most)
    return as_rgb(as_uint8(array))


def _hint(array: npt.NDArray[Any]) -> str:
    """Say what may be done about a shape that other programs have."""
    if array.ndim == 4:
        return ": take one picture of the batch with [0]"
    if array.ndim == 3 and array.shape[0] in (1, 3, 4):
        return ": move the channels last with numpy.moveaxis(image, 0, -1)"
    return ""


def as_uint8(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Bring a picture's numbers to 8 bits.

    uint8 is taken as it is. Floats are in [0, 1], but for `ROUNDING`, and are rounded. Wider
    integers are of 16 bits, see `sixteen_bits`.
    """
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind in "iu":
        return eight_of_sixteen_bits(sixteen_bits(array))
    if array.dtype.kind != "f":
        raise WrongTypeError(
            f"image is an array of {array.dtype}, expected uint8, uint16 or floats in [0, 1]"
        )
    if array.size:
        _check_floats(float(array.min()), float(array.max()))
    levels = np.rint(array.astype(np.float64) * 255)
    return np.clip(levels, 0, 255).astype(np.uint8)


def sixteen_bits(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return integers that can be of 16 bits only: 0 to 65535, and some above 255.

    Integers wider than 8 bits do not say which number is white. Where none is above 255 the
    picture may be of 8 bits as well, and one of the two readings would be black.
    """
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if low < 0 or high > 65535:
        raise InvalidArgumentError(
            f"image holds integers from {low} to {high}, expected 8 bits, 0 to 255, or 16 bits, "
            "0 to 65535"
        )
    if high <= 255:
        raise WrongTypeError(
            f"image holds integers of {values.dtype} from {low} to {high}, which may be of 8 bits "
            "or of 16: pass uint8 if 255 is white, or divide by what is white"
        )
    return values


def eight_of_sixteen_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Divide 0 to 65535 by 257, and round."""
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _check_floats(low: float, high: float) -> None:
    if np.isnan(low):
        raise InvalidArgumentError("image holds NaN, expected floats in [0, 1]")
    is_below, is_above = low < -ROUNDING, high > 1 + ROUNDING
    if not is_below and not is_above:
        return
    clipped = "clip what resizing overshot"
    is_overshot = high <= 1 + _OVERSHOOT
    remedy = f"{clipped}, or divide by what is white"
    if not is_overshot:
        remedy = "divide by 255, or pass uint8"
    if is_below:
        otherwise = clipped if is_overshot else "divide by 255 and clip"
        remedy = f"undo the normalisation by mean and deviation, or {otherwise}"
    raise InvalidArgumentError(
        f"image holds floats from {low:g} to {high:g}, expected [0, 1]: {remedy}"
    )


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
