"""Pictures of 16 bits a channel, divided by 257 and rounded.

Pillow keeps the high byte of 16-bit colours and drops the low one. Its unpackers for the other
byte order take the byte at the other place, which is the low one: the same file is opened a
second time and unpacked so.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .pixels import eight_of_sixteen_bits

if TYPE_CHECKING:
    import PIL.Image

# How the low bytes are unpacked; N, the native order, is little-endian.
_OTHER_BYTE = {
    f"{mode};16{order}": f"{mode};16{other}"
    for mode in ("RGB", "RGBA", "RGBX")
    for order, other in (("B", "L"), ("L", "B"), ("N", "B"))
}


class Opened(NamedTuple):
    """A picture that is opened, with both bytes of its values where they have two."""

    image: PIL.Image.Image
    low_bytes: PIL.Image.Image | None = None
    """The same picture, to be unpacked to the low bytes."""
    is_paired: bool = False
    """Whether the image is "RGBA" whose channels are both bytes of grey, and both of alpha."""


def raw_mode(image: PIL.Image.Image) -> str:
    """Name how Pillow will unpack an image that is not loaded yet; empty where unknown."""
    for tile in getattr(image, "tile", None) or []:
        arguments = tile[3]
        found = arguments if isinstance(arguments, str) else (arguments or [""])[0]
        return found if isinstance(found, str) else ""
    return ""


def open_both_bytes(data: bytes, open_image: Callable[[bytes], PIL.Image.Image]) -> Opened:
    """Open a picture, and for 16-bit colours once more, for the low bytes of its values.

    Grey with alpha, for which Pillow has one byte order only, is opened once, as the 8-bit RGBA
    that has the same bytes.
    """
    image = open_image(data)
    mode = raw_mode(image)
    if mode == "LA;16B" and data[12:16] == b"IHDR":
        image.close()
        return Opened(open_image(_as_eight_bit_rgba(data)), is_paired=True)
    if mode not in _OTHER_BYTE:
        return Opened(image)
    low_bytes: Any = open_image(data)
    low_bytes.tile = [_with_mode(tile) for tile in low_bytes.tile]
    return Opened(image, low_bytes)


def _as_eight_bit_rgba(data: bytes) -> bytes:
    """Change a PNG's header, of which bit depth and colour type are the bytes 24 and 25."""
    header = data[12:24] + b"\x08\x06" + data[26:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def _with_mode(tile: Any) -> Any:
    """Change how a tile is unpacked; tiles are plain tuples in Pillow before 11."""
    arguments = tile[3]
    if isinstance(arguments, str):
        changed: Any = _OTHER_BYTE[arguments]
    else:
        changed = (_OTHER_BYTE[arguments[0]], *arguments[1:])
    return tile._replace(args=changed) if hasattr(tile, "_replace") else (*tile[:3], changed)


def paired_pixels(pairs: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Bring grey with alpha, as (height, width, 4) bytes, to uint8 RGBA."""
    return _divided(pairs[:, :, [0, 0, 0, 2]], pairs[:, :, [1, 1, 1, 3]])


def color_pixels(
    high: npt.NDArray[np.uint8], low: npt.NDArray[np.uint8], key: object
) -> npt.NDArray[np.uint8]:
    """Bring both bytes of 16-bit colours to uint8 RGB, or RGBA where there is transparency.

    `key` is the 16-bit colour that stands for transparent, if one does.
    """
    pixels = _divided(high, low)
    if not isinstance(key, tuple) or pixels.shape[2] != 3:
        return pixels
    values = (high.astype(np.uint16) << 8) | low
    alpha = np.where((values == np.array(key)).all(axis=2, keepdims=True), 0, 255)
    return np.concatenate([pixels, alpha.astype(np.uint8)], axis=2)


def _divided(high: npt.NDArray[np.uint8], low: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Divide by 257: 256 high + low = 257 high + (low - high), of which the latter rounds."""
    rest = low.astype(np.int16) - high
    return (high + (rest > 128).astype(np.uint8)) - (rest < -128).astype(np.uint8)


def grey_pixels(values: npt.NDArray[Any], transparency: int | None) -> npt.NDArray[np.uint8]:
    """Bring 16-bit grey to 8 bits; the value that stands for transparent becomes white."""
    grey = eight_of_sixteen_bits(values)
    if transparency is not None:
        grey[values == transparency] = 255
    return grey
