"""The pictures of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

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
    return _checked(
        folder,
        [entry.name for entry in _entries(folder) if _is_picture(entry) and not entry.is_dir()],
    )


def walk_pictures(folder: str, without: str | None = None) -> list[str]:
    """List the paths of the pictures in a folder and all folders below, relative to it.

    Names are in the order of code points, a folder's pictures in the place of the folder. Links
    to folders are followed, unless they lead to a folder that they are in.

    Parameters
    ----------
    folder
        Where to look.
    without
        A folder that is left out.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such folder, or it or one below cannot be read.
    BadDataError
        They hold no picture.
    """
    excluded = []
    if without is not None and os.path.isdir(without):
        excluded.append(_identity(without))
    return _checked(folder, list(_walk(folder, "", excluded)))


def _walk(folder: str, below: str, excluded: list[tuple[int, int]]) -> Iterator[str]:
    path = os.path.join(folder, below.rstrip("/")) if below else folder
    identity = _identity(path)
    if identity in excluded:
        return
    for entry in _entries(path):
        name = below + entry.name
        if entry.is_dir():
            yield from _walk(folder, name + "/", [*excluded, identity])
        elif _is_picture(entry):
            yield name


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except NotADirectoryError as error:
        message = f"{folder} is a file, expected a folder"
        raise FileAccessError(message, error.errno, folder) from None
    except OSError as error:
        raise refusal_to_read(folder, error) from None


def _identity(folder: str) -> tuple[int, int]:
    try:
        status = os.stat(folder)
    except OSError as error:
        raise refusal_to_read(folder, error) from None
    return status.st_dev, status.st_ino


def _is_picture(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower().endswith(SUFFIXES)


def _checked(folder: str, names: list[str]) -> list[str]:
    if not names:
        raise BadDataError(
            f"{folder} holds no picture, expected files ending in .jpg, .png or the like"
        )
    return names
