"""Pictures that Pillow decodes, and PIL images themselves."""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import (
    BadDataError,
    GradCAMError,
    InvalidArgumentError,
    OutOfMemoryError,
    WrongTypeError,
)
from .foreign_formats import likeness
from .pixels import MOST_PIXELS, as_rgb, as_uint8, check_pixel_count, sixteen_bits
from .sixteen_bits import (
    Opened,
    color_pixels,
    grey_pixels,
    open_both_bytes,
    paired_pixels,
    raw_mode,
)

if TYPE_CHECKING:
    import PIL.Image

# Pictures come from strangers, and some of Pillow's plugins start programs (EPS: Ghostscript)
# These decode by themselves. The first are loaded
# with Pillow, the others on demand.
COMMON_FORMATS = ("PNG", "BMP", "DIB", "GIF", "PPM", "JPEG")
OTHER_FORMATS = (
    "TIFF", "WEBP", "AVIF", "TGA", "ICO", "JPEG2000", "MPO", "PCX", "SGI", "XBM", "XPM", "QOI",
    "DDS",
)  # fmt: skip

_SUBFILE_TYPE, _REDUCED, _SUBFILES = 254, 1, 330
"""Tags of TIFF pages: the kind, which says of a smaller copy that it is one, and further pages."""

# Python's warning filters belong to the whole process.
_warnings_lock = threading.Lock()

_loading = threading.Lock()


def decoded_pixels(data: bytes, name: str, most: int = MOST_PIXELS) -> npt.NDArray[np.uint8]:
    """Decode a file's bytes to uint8 (height, width, 3); of an animation, the first frame."""
    _check_png_header(data, name, most)
    opened = open_both_bytes(data, lambda data: _open(data, name, most))
    try:
        return _pixels(opened, name, most)
    except (InvalidArgumentError, WrongTypeError) as error:  # about the numbers in the file
        raise BadDataError(f"{name}: {error}") from None


def pillow_pixels(
    image: PIL.Image.Image, name: str, most: int = MOST_PIXELS
) -> npt.NDArray[np.uint8]:
    """Pixels of a PIL image as uint8 (height, width, 3), upright."""
    from PIL import ImageFile

    is_unloaded = bool(getattr(image, "tile", None)) or isinstance(image, ImageFile.StubImageFile)
    if is_unloaded and image.format not in (*COMMON_FORMATS, *OTHER_FORMATS):
        raise BadDataError(
            f"{name}: a picture of the format {image.format} is not decoded, expected one of "
            f"{_listed()}; a PIL image of it is taken once it is loaded"
        )
    # Threads that load one image at once would read its file at each other's places.
    with _loading if is_unloaded else contextlib.nullcontext():
        return _pixels(Opened(image), name, most)


# ---- Opening -------------------------------------------------------------------------------


def _open(data: bytes, name: str, most: int) -> PIL.Image.Image:
    """Read a file's header, if it is of a format that is decoded here."""
    from PIL import Image, UnidentifiedImageError

    try:
        with _warnings_lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return Image.open(io.BytesIO(data), formats=COMMON_FORMATS)
            except UnidentifiedImageError:
                Image.init()
                there = [found for found in OTHER_FORMATS if found in Image.OPEN]
                return Image.open(io.BytesIO(data), formats=there)
    except UnidentifiedImageError:
        found = likeness(data)
        raise BadDataError(
            f"{name}: not a picture of a known format, expected one of {_listed()}"
            f"{found and ': it looks like '}{found}"
        ) from None
    except Image.DecompressionBombError:
        limit = min(most, 2 * (Image.MAX_IMAGE_PIXELS or most))
        raise BadDataError(
            f"{name}: a picture of more than {limit} pixels cannot be used; 1 to {limit} pixels "
            "are expected"
        ) from None
    except MemoryError:
        raise OutOfMemoryError(f"{name}: no memory to decode the picture") from None
    except Exception as error:
        raise _broken(name, error) from None


def _check_png_header(data: bytes, name: str, most: int) -> None:
    """Refuse by its size a PNG that Pillow would not call one, or without the size."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        check_pixel_count(height, width, name, most)


def _listed() -> str:
    return ", ".join(sorted({*COMMON_FORMATS, *OTHER_FORMATS} - {"DIB", "MPO"}))


# ---- Pixels --------------------------------------------------------------------------------


def _pixels(opened: Opened, name: str, most: int) -> npt.NDArray[np.uint8]:
    image = opened.image
    _check_preview(image, name)
    check_pixel_count(image.height, image.width, name, most)
    try:
        depth = _Depth.of(image)
        image.load()
        if opened.is_paired:
            return as_rgb(paired_pixels(np.asarray(_upright(image))))
        if opened.low_bytes is not None:
            opened.low_bytes.load()
            high, low = np.asarray(_upright(image)), np.asarray(_upright(opened.low_bytes))
            return as_rgb(color_pixels(high, low, image.info.get("transparency")))
        return as_rgb(_channels(_upright(image), name, depth))
    except GradCAMError:
        raise
    except MemoryError:
        raise OutOfMemoryError(
            f"{name}: no memory for {image.height} x {image.width} pixels (height x width)"
        ) from None
    except Exception as error:  # Pillow's decoders raise whatever their parsing meets
        raise _broken(name, error) from None


def _check_preview(image: PIL.Image.Image, name: str) -> None:
    """Refuse a TIFF that begins with a small copy of its picture, as cameras' raw files do."""
    tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    if tags.get(_SUBFILE_TYPE, 0) == _REDUCED and (
        _SUBFILES in tags or getattr(image, "n_frames", 1) > 1
    ):
        raise BadDataError(
            f"{name}: the first page of the TIFF is a preview of {image.height} x {image.width} "
            "pixels (height x width), as in raw files of cameras: save the picture as JPEG or PNG"
        )


def _upright(image: PIL.Image.Image) -> PIL.Image.Image:
    """Apply the EXIF orientation; broken EXIF says nothing, and the pixels are sound."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except MemoryError:
        raise
    except Exception:
        return image


class _Depth(NamedTuple):
    """What is known of the bits of grey that Pillow holds in 16 or 32 bits."""

    is_sixteen: bool
    """Whether the file says 16; else the values tell, see `sixteen_bits`."""
    is_wide: bool
    """Whether the file says 32."""

    @classmethod
    def of(cls, image: PIL.Image.Image) -> _Depth:
        """Look at an image, best before it is loaded."""
        raw = raw_mode(image)
        # What was loaded has no raw mode any more. PNG and PGM know no grey of 32 bits.
        from_file = image.format in ("PNG", "PPM") or (
            image.format is not None and image.mode.startswith("I;16")
        )
        return cls(from_file or ";16" in raw, image.mode == "I" and ";32" in raw)


def _channels(image: PIL.Image.Image, name: str, depth: _Depth) -> npt.NDArray[np.uint8]:
    """Pixels of a PIL image as uint8 grey, RGB or RGBA."""
    mode = image.mode
    if mode == "I" or mode.startswith("I;16"):
        if depth.is_wide:
            raise BadDataError(f"{name}: 32 bits a channel, expected 8 or 16")
        values = np.asarray(image)
        if not depth.is_sixteen or values.min() < 0 or values.max() > 65535:
            values = sixteen_bits(values)
        return grey_pixels(values, image.info.get("transparency"))
    if mode == "F":
        return as_uint8(np.asarray(image))
    transparent = mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
    if mode == "La":
        image = image.convert("LA")
    return np.asarray(image.convert("RGBA" if transparent else "RGB"))


def _broken(name: str, error: Exception) -> BadDataError:
    """Make the one-line error for a file that Pillow could not decode."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return BadDataError(f"{name}: the picture cannot be decoded: {reason}")
