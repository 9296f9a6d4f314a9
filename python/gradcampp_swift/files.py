"""Reading and writing whole files."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from .errors import BadDataError, FileAccessError, GradCAMError, MissingFileError

# ---- Reading -------------------------------------------------------------------------------


LARGEST_TEXT_FILE = 1 << 26
"""Bytes: 64 MiB; labels, settings and boxes take far less."""

# Names that the process has for what it was started with: a shell's `<(command)`, and a pipe.
_DESCRIPTOR = r"/dev/(stdin|fd/[0-9]+)|/proc/(self|[0-9]+)/fd/[0-9]+"

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def open_file(path: str) -> BinaryIO:
    """Open a regular file to read it, without ever waiting for one.

    A FIFO is waited for until somebody writes, and a device may never end: both are refused, as
    are sockets and folders. A pipe that the process was started with, which a shell's `<(command)`
    and `/dev/stdin` name, is read like a file.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such file, it cannot be opened, or it is no regular file.
    """
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  # the caller closes it
    except IsADirectoryError as error:
        raise _special(path, _KINDS[stat.S_IFDIR], error.errno) from None
    except OSError as error:
        if error.errno == errno.ENXIO:  # what opening a socket says
            raise _special(path, "a socket or a device", error.errno) from None
        raise refusal_to_read(path, error) from None
    kind = stat.S_IFMT(os.fstat(file.fileno()).st_mode)
    if kind == stat.S_IFIFO and re.fullmatch(_DESCRIPTOR, path):
        os.set_blocking(file.fileno(), True)
    elif kind != stat.S_IFREG:
        file.close()
        raise _special(path, _KINDS.get(kind, "something else"), errno.EINVAL)
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _special(path: str, found: str, number: int | None) -> FileAccessError:
    message = f"{path}: cannot be read: it is {found}, expected a regular file"
    return FileAccessError(message, number, path)


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
        There is no such file, it cannot be read, or it is no regular file; see `open_file`.
    BadDataError
        It is larger.
    """
    data = read_start(path, largest + 1)
    if len(data) > largest:
        raise BadDataError(f"{path}: larger than {largest} bytes, expected {what}")
    return data


def read_start(path: str, most: int) -> bytes:
    """Read at most the first `most` bytes of a file; errors are those of `open_file`."""
    with open_file(path) as file:
        try:
            return file.read(most)
        except OSError as error:
            raise refusal_to_read(path, error) from None


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
    path: str, write: Callable[[BinaryIO], object], *, follows_link: bool = True
) -> None:
    """Write a file wholly or not at all.

    `write` gets a temporary file in the same folder, which then takes the place of `path`. Its name
    cannot be guessed, and it is made anew, so that no link that somebody put there is written
    through. Missing folders are not made. A link at `path` itself is followed, so that it stays a
    link, unless `follows_link` is false: then the file takes its place. A file that is replaced
    leaves its permissions to the new one.
    """
    if follows_link or not os.path.islink(path):
        check_destination(path)
    temporary = None
    try:
        target = os.path.realpath(path) if follows_link else path
        temporary = os.path.join(os.path.dirname(target), temporary_name())
        with _unfinished_lock:
            _unfinished.add(temporary)
        with open(temporary, "x+b", opener=_without_links) as file:
            # No old file, or permissions are not kept there.
            with contextlib.suppress(OSError):
                status = os.stat(target, follow_symlinks=follows_link)
                if stat.S_ISREG(status.st_mode):
                    os.fchmod(file.fileno(), status.st_mode & 0o777)
            write(file)
        os.replace(temporary, target)
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError) and not isinstance(error, GradCAMError):
            raise refusal_to_write(path, error) from None
        raise
    finally:
        with _unfinished_lock:
            _unfinished.discard(temporary)


_TEMPORARY = r"\.gradcampp-[0-9a-f]{16}\.tmp"

_unfinished: set[str | None] = set()
"""Temporary files that are written now."""
_unfinished_lock = threading.Lock()


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)  # the umask decides who may read it


def temporary_name() -> str:
    """Make a name that nobody guesses, for a file that is not whole yet."""
    return f".gradcampp-{os.urandom(8).hex()}.tmp"


def remove_temporaries(folder: str) -> None:
    """Remove what writing left in a folder when it was killed; nobody else may write there now."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if re.fullmatch(_TEMPORARY, name):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(folder, name))


def remove_unfinished() -> None:
    """Remove the temporary files of this process, which is about to end at once.

    Writing them cannot be finished from then on.
    """
    _unfinished_lock.acquire()  # and not released
    for path in _unfinished:
        if path is not None:
            with contextlib.suppress(OSError):
                os.unlink(path)


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
