"""Pictures in every form people have them, turned into what the library takes."""

from __future__ import annotations

import os
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from . import _core
from .errors import (
    BadDataError,
    GradCAMError,
    InvalidArgumentError,
    OutOfMemoryError,
    WrongTypeError,
)
from .files import read_picture_file

if TYPE_CHECKING:
    import PIL.Image

ImageLike: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | npt.NDArray[Any] "
    "| PIL.Image.Image | _core.Image"
)
"""A path, the bytes of a file, an array, or a PIL image."""

MOST_PIXELS = 1 << 27

_ACCEPTED = "a path, encoded bytes, a NumPy array or a PIL image"

# Python's warning filters belong to the whole process.
_warnings_lock = threading.Lock()


def as_image(image: object) -> _core.Image:
    """Turn a picture of any accepted kind into the library's.

    Parameters
    ----------
    image
        A path; the bytes of a file; an array: uint8 (height, width, 3), (height, width, 4) with
        alpha, (height, width) or (height, width, 1), or floats of those shapes in [0, 1]; a PIL
        image; or what this function returned before.

    Returns
    -------
    _core.Image
        RGB, 8 bits a channel, upright; alpha is composed over white, 16 bits divided by 257.

    Raises
    ------
    GradCAMError
        With the built-in that fits; for a file, the message begins with its path.
    """
    if isinstance(image, _core.Image):
        return image
    if isinstance(image, (str, os.PathLike)):
        path = os.fspath(image)
        if not isinstance(path, str):
            raise WrongTypeError(f"image is a path of {type(path).__name__}, expected one of str")
        return _decode(read_picture_file(path), path)
    if isinstance(image, (bytes, bytearray, memoryview)):
        if len(image) == 0:
            raise BadDataError("image: no bytes, expected an encoded picture")
        return _decode(bytes(image), "image")
    if isinstance(image, np.ndarray):
        return _from_array(image)
    # A PIL image exists only where PIL is loaded; nobody else should wait for the import.
    pil = sys.modules.get("PIL.Image")
    if pil is not None and isinstance(image, pil.Image):
        return _from_pixels(_pillow_pixels(image, "image"), "image")
    raise WrongTypeError(f"image is {_described(image)}, expected {_ACCEPTED}")


def _decode(data: bytes, name: str) -> _core.Image:
    """Decode a file's bytes: JPEG by the library, everything else by Pillow."""
    if not data.startswith(b"\xff\xd8\xff"):
        return _from_pixels(_decode_with_pillow(data, name), name)
    try:
        return _core.image_decode(data)
    except GradCAMError as error:
        raise type(error)(f"{name}: {error}") from None


def _from_pixels(pixels: npt.NDArray[np.uint8], name: str) -> _core.Image:
    """Copy uint8 (height, width, 3) pixels into a picture."""
    height, width = pixels.shape[:2]
    if height == 0 or width == 0:
        raise BadDataError(f"{name}: {width} x {height} pixels, expected at least 1 x 1")
    _check_pixel_count(width, height, name)
    return _core.image_from_rgb8(np.ascontiguousarray(pixels))


def _check_pixel_count(width: int, height: int, name: str) -> None:
    if width * height > MOST_PIXELS:
        raise BadDataError(f"{name}: {width} x {height} pixels, expected at most {MOST_PIXELS}")


# ---- Arrays --------------------------------------------------------------------------------


def _from_array(array: npt.NDArray[Any]) -> _core.Image:
    """Make a picture of a uint8 array or of one of floats in [0, 1]."""
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise InvalidArgumentError(
            f"image is an array of shape {array.shape}, expected (height, width), "
            "(height, width, 3) or, with alpha, (height, width, 4)"
        )
    if array.size:  # an empty one is refused with its size in _from_pixels
        _check_pixel_count(array.shape[1], array.shape[0], "image")
    return _from_pixels(_as_rgb(_as_uint8(array)), "image")


def _as_uint8(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Take uint8 as it is, and floats in [0, 1] rounded to 8 bits."""
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind != "f":
        raise WrongTypeError(
            f"image is an array of {array.dtype}, expected uint8 or floats in [0, 1]"
        )
    if array.size:
        low, high = array.min(), array.max()
        if not (low >= 0 and high <= 1):  # NaN fails too
            raise InvalidArgumentError(
                f"image holds floats from {low:g} to {high:g}, expected [0, 1]: "
                "divide by 255, or pass uint8"
            )
    return np.rint(array.astype(np.float64) * 255).astype(np.uint8)


def _as_rgb(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
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


# ---- Pillow --------------------------------------------------------------------------------


def _decode_with_pillow(data: bytes, name: str) -> npt.NDArray[np.uint8]:
    """Decode anything that Pillow reads; of an animation, the first frame."""
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        raise BadDataError(f"{name}: not a picture of a known format") from None
    except Image.DecompressionBombError:
        raise BadDataError(f"{name}: more than {MOST_PIXELS} pixels, which is the limit") from None
    except Exception as error:
        raise _broken(name, error) from None
    with image:
        return _pillow_pixels(image, name)


def _pillow_pixels(image: PIL.Image.Image, name: str) -> npt.NDArray[np.uint8]:
    """Pixels of a PIL image as uint8 (height, width, 3), upright."""
    from PIL import ImageOps

    _check_pixel_count(image.width, image.height, name)
    try:
        image.load()
        return _as_rgb(_pillow_channels(ImageOps.exif_transpose(image), name))
    except GradCAMError:
        raise
    except MemoryError:
        raise OutOfMemoryError(
            f"{name}: no memory for {image.width} x {image.height} pixels"
        ) from None
    except Exception as error:  # Pillow's decoders raise whatever their parsing meets
        raise _broken(name, error) from None


def _pillow_channels(image: PIL.Image.Image, name: str) -> npt.NDArray[np.uint8]:
    """Pixels of a PIL image as uint8 grey, RGB or RGBA."""
    mode = image.mode
    if mode == "I" or mode.startswith("I;16"):
        return _sixteen_bits(np.asarray(image), image.info.get("transparency"), name)
    if mode == "F":
        try:
            return _as_uint8(np.asarray(image))
        except InvalidArgumentError as error:
            raise BadDataError(f"{name}: {error}") from None
    transparent = mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
    if mode == "La":
        image = image.convert("LA")
    return np.asarray(image.convert("RGBA" if transparent else "RGB"))


def _sixteen_bits(
    values: npt.NDArray[Any], transparency: int | None, name: str
) -> npt.NDArray[np.uint8]:
    """Bring 16-bit grey to 8 bits; the value that stands for transparent becomes white."""
    # Pillow holds 16 bits in 32 in places; other 32-bit pictures have no known range.
    if values.size and not (values.min() >= 0 and values.max() <= 65535):
        raise BadDataError(
            f"{name}: values from {values.min()} to {values.max()}, expected 8 or 16 bits"
        )
    grey = ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if transparency is not None:
        grey[values == transparency] = 255
    return grey


def _broken(name: str, error: Exception) -> BadDataError:
    """Make the one-line error for a file that Pillow could not decode."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return BadDataError(f"{name}: the picture cannot be decoded: {reason}")


def _described(value: object) -> str:
    """Say in an error what a value of the wrong kind is."""
    return "None" if value is None else f"of type {type(value).__name__}"
