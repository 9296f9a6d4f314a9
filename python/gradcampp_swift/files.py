"""Reading and writing whole files."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .errors import BadDataError, FileAccessError, GradCAMError, MissingFileError

# ---- Reading -------------------------------------------------------------------------------


LARGEST_TEXT_FILE = 1 << 26
"""Bytes: 64 MiB; labels, settings and boxes take far less."""


def read_text_file(path: str, what: str, largest: int = LARGEST_TEXT_FILE) -> bytes:
    """Read a file of text whole, at most `largest` bytes of it; a stranger may have written it.

    Parameters
    ----------
    path
        Where it lies.
    what
        What messages call what is expected, such as "one label a line".

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such file, or it cannot be read.
    BadDataError
        It is larger.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise refusal_to_read(path, error) from None
    if len(data) > largest:
        raise BadDataError(f"{path}: larger than {largest} bytes, expected {what}")
    return data


def refusal_to_read(path: str, error: OSError) -> GradCAMError:
    """Make the error for a file that could not be read."""
    if isinstance(error, FileNotFoundError):
        return MissingFileError(f"there is no file at {path}", error.errno, path)
    return FileAccessError(f"{path}: cannot be read: {error.strerror or error}", error.errno, path)


# ---- Writing -------------------------------------------------------------------------------


def check_destination(path: str) -> None:
    """Find out early whether a file could be written at `path`.

    Folders that do not exist yet are not made; the nearest one that exists must be writable.

    Raises
    ------
    FileAccessError
        The path is taken by something other than a file, or there is no permission.
    """

    def refuse(reason: str, number: int) -> None:
        raise FileAccessError(f"{path}: cannot be written: {reason}", number, path)

    if os.path.exists(path):
        if not os.path.isfile(path):
            refuse("it exists and is not a regular file", errno.EEXIST)
        if not os.access(path, os.W_OK):
            refuse("no permission to change the file that is there", errno.EACCES)
    try:
        folder = os.path.dirname(os.path.abspath(path))
    except OSError as error:  # the working directory was deleted
        raise refusal_to_write(path, error) from None
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        refuse(f"{folder} is not a folder", errno.ENOTDIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(f"no permission to write in {folder}", errno.EACCES)


def write_whole(
    path: str, write: Callable[[BinaryIO], object], temporary: str | None = None
) -> None:
    """Write a file wholly or not at all.

    `write` gets a temporary file in the same folder, which then takes the place of `path`. It is
    `temporary` where that is given: for callers who know that nobody else writes there.
    Missing folders are not made. A link is followed, so that it stays a link, and a file that
    is replaced leaves its permissions to the new one.
    """
    check_destination(path)
    is_new = temporary is None
    try:
        target = os.path.realpath(path)
        if temporary is None:
            name = f".gradcampp-{os.urandom(8).hex()}.tmp"
            temporary = os.path.join(os.path.dirname(target), name)
        # Plain open, so that the umask decides who may read a new file.
        with open(temporary, "x+b" if is_new else "w+b") as file:
            with contextlib.suppress(OSError):  # no old file, or permissions are not kept there
                os.fchmod(file.fileno(), os.stat(target).st_mode & 0o777)
            write(file)
        os.replace(temporary, target)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError) and not isinstance(error, GradCAMError):
            raise refusal_to_write(path, error) from None
        raise


@contextlib.contextmanager
def folder_of(path: str) -> Iterator[None]:
    """Make the missing folders of `path`, and remove those again if the body fails."""
    missing = []
    folder = os.path.dirname(path)
    while folder and not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    try:
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        except OSError as error:
            raise refusal_to_write(path, error) from None
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # somebody else put a file there meanwhile
            for made in missing:
                os.rmdir(made)
        raise


def refusal_to_write(path: str, error: OSError) -> FileAccessError:
    """Make the error for a file that could not be written."""
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        reason = "its folder does not exist"
    return FileAccessError(f"{path}: cannot be written: {reason}", error.errno, path)
