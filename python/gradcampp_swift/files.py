"""Reading and writing whole files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import BinaryIO

from .errors import BadDataError, FileAccessError, InvalidArgumentError, MissingFileError

LARGEST_PICTURE_FILE = 1 << 30
"""Bytes; above the size of 2^27 pixels of uncompressed RGB."""


def read_picture_file(path: str) -> bytes:
    """Read the bytes of a picture, at most `LARGEST_PICTURE_FILE` of them."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_PICTURE_FILE + 1)
    except (OSError, ValueError) as error:
        raise refusal(path, "read", error) from None
    if not data:
        raise BadDataError(f"{path}: the file is empty, expected a picture")
    if len(data) > LARGEST_PICTURE_FILE:
        raise BadDataError(f"{path}: the file is larger than 1 GiB, expected a picture")
    return data


def refusal(path: str, verb: str, error: OSError | ValueError) -> Exception:
    """Make the one-sentence error for what the system said about `path`."""
    if isinstance(error, FileNotFoundError):
        return MissingFileError(f"{path}: no such file")
    if isinstance(error, OSError):
        return FileAccessError(f"{path}: cannot be {verb}: {error.strerror or error}")
    return InvalidArgumentError(f"path {path!r} cannot be used: {error}")


def check_destination(path: str) -> None:
    """Find out early whether a file could be written at `path`.

    Folders that do not exist yet are not made; the nearest one that exists must be writable.

    Raises
    ------
    FileAccessError
        The path is taken by something other than a file, or a folder cannot be written.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        raise FileAccessError(f"{path}: cannot be written: it exists and is not a regular file")
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        raise FileAccessError(f"{path}: cannot be written: {folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileAccessError(f"{path}: cannot be written: no permission to write in {folder}")


def write_whole(path: str, write: Callable[[BinaryIO], object]) -> None:
    """Write a file wholly or not at all.

    `write` gets a temporary file in the same folder, which then takes the place of `path`.
    Missing folders are not made. A link is followed, so that it stays a link.
    """
    check_destination(path)
    target = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(target), f".gradcampp-{os.urandom(8).hex()}.tmp")
    try:
        # Plain open, so that the umask decides who may read the file.
        with open(temporary, "x+b") as file:
            write(file)
        os.replace(temporary, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise refusal_to_write(path, error) from None
        raise


def refusal_to_write(path: str, error: OSError) -> FileAccessError:
    """Make the error for a file that could not be written."""
    if isinstance(error, FileNotFoundError):
        return FileAccessError(f"{path}: cannot be written: its folder does not exist")
    return FileAccessError(f"{path}: cannot be written: {error.strerror or error}")
