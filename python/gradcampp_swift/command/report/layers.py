"""The small pictures of the page: what the network saw, and the heat map to lay over it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ... import _core
from ...errors import BadDataError
from ...files import read_start
from ..run.record import path_inside

if TYPE_CHECKING:
    import PIL.Image

MAP_SIZE = 96
"""Longer side of the embedded map in pixels: maps are smooth, and the page enlarges them."""

_QUALITY = 80

_LARGEST_FILE = 1 << 28
"""Bytes; what follows is not read."""


class Layers(NamedTuple):
    """Pictures of one explanation as `data:` addresses; empty where there is none."""

    photo: str
    map: str
    """To be laid over the photo, in colour."""

    width: int
    height: int
    """Of the photo as it is embedded."""


def read_layers(folder: str, written: dict[str, Any], size: int) -> Layers:
    """Make them from the files that a run wrote.

    Parameters
    ----------
    folder
        The run's folder.
    written
        Paths in it, by format, as `is_record` takes them. The photo is `input` or, where that was
        not written, `overlay`, which has its map already.
    size
        Longer side of the photo in pixels at most.

    Raises
    ------
    BadDataError
        A path leads out of the folder.
    """
    photo = _opened(folder, written.get("input"))
    layer = None if photo is None else _map(folder, written)
    if photo is None or layer is None:
        photo = _opened(folder, written.get("overlay")) or photo
    if photo is None:
        return Layers("", "", size, size)
    photo.thumbnail((size, size))
    return Layers(_address(photo), "" if layer is None else _address(layer), *photo.size)


def _map(folder: str, written: dict[str, Any]) -> PIL.Image.Image | None:
    """Colour a map by the numbers or, without them, the grey picture."""
    from PIL import Image

    values: Any = None
    try:
        if "npy" in written:
            values = np.load(_content(folder, written["npy"]), allow_pickle=False)
        elif "png16" in written:
            with Image.open(_content(folder, written["png16"]), formats=["PNG"]) as image:
                values = np.asarray(image, np.float32) / 65535
    except BadDataError:
        raise
    except Exception:  # NumPy and Pillow raise whatever their parsing meets
        return None
    if not isinstance(values, np.ndarray) or values.ndim != 2 or not values.size:
        return None
    if values.dtype != np.float32 or not np.isfinite(values).all():
        return None
    grey = Image.fromarray(values)
    grey.thumbnail((MAP_SIZE, MAP_SIZE))
    levels = np.rint(255 * np.clip(np.asarray(grey), 0, 1)).astype(np.intp)
    return Image.fromarray(_core.colormap_table("jet")[levels])


def _opened(folder: str, name: str | None) -> PIL.Image.Image | None:
    from PIL import Image

    if name is None:
        return None
    try:
        with Image.open(_content(folder, name), formats=["JPEG"]) as image:
            return image.convert("RGB")
    except BadDataError:
        raise
    except Exception:  # Pillow's decoders raise whatever their parsing meets
        return None


def _content(folder: str, name: str) -> io.BytesIO:
    """Read a file of the run, which has the size of the network's input."""
    return io.BytesIO(read_start(path_inside(folder, name), _LARGEST_FILE))


def _address(image: PIL.Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, format="JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
