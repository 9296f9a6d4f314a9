"""The pictures of a folder."""

from __future__ import annotations

import os

from ..errors import BadDataError, FileAccessError
from ..files import refusal_to_read

SUFFIXES = (
    ".avif", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".jp2", ".pcx", ".pgm", ".png",
    ".pnm", ".ppm", ".tga", ".tif", ".tiff", ".webp",
)  # fmt: skip
"""What the name of a picture ends with, in lower or upper case."""


def list_pictures(folder: str) -> list[str]:
    """List the names of the pictures in a folder, sorted by code points; not in folders below.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such folder, or it cannot be read.
    BadDataError
        It holds no picture.
    """
    try:
        names = sorted(
            entry.name
            for entry in os.scandir(folder)
            if entry.name.lower().endswith(SUFFIXES) and not entry.is_dir()
        )
    except NotADirectoryError as error:
        message = f"{folder} is a file, expected a folder"
        raise FileAccessError(message, error.errno, folder) from None
    except OSError as error:
        raise refusal_to_read(folder, error) from None
    if not names:
        raise BadDataError(
            f"{folder} holds no picture, expected files ending in .jpg, .png or the like"
        )
    return names
