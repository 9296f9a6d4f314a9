"""A file that grows by whole records, and what says how it was made."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Iterable
from types import TracebackType
from typing import Any, BinaryIO

from .. import _core
from ..errors import BadDataError, FileAccessError, MissingFileError
from ..files import check_destination, read_text_file, refusal_to_write, write_whole
from ..model import Model


class RecordFile:
    """A file to which one process appends; it is made if it is not there.

    Parameters
    ----------
    path
        The file.
    follows_link
        Whether a link at the path is followed, or refused.

    Raises
    ------
    FileAccessError
        It cannot be opened, or another process writes it now.
    """

    def __init__(self, path: str, *, follows_link: bool = True) -> None:
        check_destination(path)
        self.path = path
        self._file: int | None = None  # its descriptor
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK
            self._file = os.open(path, flags | (0 if follows_link else os.O_NOFOLLOW), 0o666)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise self._taken() from None
        except OSError as error:
            if self._file is None:
                if error.errno == errno.ELOOP and not follows_link:
                    message = f"{path}: cannot be written: it is a link"
                    raise FileAccessError(message, error.errno, path) from None
                raise refusal_to_write(path, error) from None
            # Otherwise it is a file system without locks.
        if not self._is_at_path():
            raise self._taken()  # it was replaced since it was opened

    def _is_at_path(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.stat(self.path))
        except OSError:
            return False

    def _taken(self) -> FileAccessError:
        self.close()
        message = f"{self.path}: another process writes it now"
        return FileAccessError(message, errno.EAGAIN, self.path)

    def append(self, data: bytes) -> None:
        """Append all of it or, whatever happens, nothing.

        An interrupt may also come when all of it is there.
        """
        file = self._descriptor
        size = os.fstat(file).st_size
        try:
            written = 0
            while written < len(data):
                written += os.write(file, data[written:])
        except BaseException as error:
            if os.fstat(file).st_size < size + len(data):
                os.ftruncate(file, size)
            if isinstance(error, OSError):
                raise refusal_to_write(self.path, error) from None
            raise

    def truncate(self, size: int) -> None:
        """Remove what comes after the first `size` bytes."""
        try:
            if os.fstat(self._descriptor).st_size > size:
                os.ftruncate(self._descriptor, size)
        except OSError as error:
            raise refusal_to_write(self.path, error) from None

    def replace(self, parts: Iterable[bytes]) -> None:
        """Put other content in place of all that is there: all of it or, if it fails, nothing."""
        kept: int | None = None

        def write(file: BinaryIO) -> None:
            nonlocal kept
            file.writelines(parts)
            file.flush()
            kept = os.dup(file.fileno())
            fcntl.fcntl(kept, fcntl.F_SETFL, os.O_APPEND)
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)

        try:
            write_whole(self.path, write)
        except BaseException:
            if kept is not None:
                os.close(kept)
            raise
        self.close()
        self._file = kept

    def close(self) -> None:
        """Close the file; it takes nothing from then on."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def _descriptor(self) -> int:
        if self._file is None:
            raise ValueError(f"{self.path} is closed")
        return self._file

    def __enter__(self) -> RecordFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def check_settings(path: str, beside: str, settings: dict[str, Any], remedy: str) -> None:
    """Refuse to continue what was made otherwise.

    Parameters
    ----------
    path
        What would be continued.
    beside
        The JSON file that says how it was made.
    settings
        How this run makes it.
    remedy
        What the message ends with.

    Raises
    ------
    BadDataError
        A setting differs, which the message names, or the file does not say.
    """
    try:
        text = read_text_file(beside, "settings")
    except MissingFileError:
        raise BadDataError(
            f"{path} is there, but not {beside}, which would say how it was made; {remedy}"
        ) from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadDataError(f"{beside} does not say how {path} was made; {remedy}")
    for name in {**settings, **found}:
        before, now = found.get(name), settings.get(name)
        if before != now:
            raise BadDataError(
                f"{path} was made with {name} {json.dumps(before)}, this run has "
                f"{json.dumps(now)}; {remedy}"
            )


def made_by(model: Model) -> dict[str, Any]:
    """Say in JSON which program and network made the answers."""
    return {
        "version": _core.version(),
        "weights_sha256": model.sha256,
        **model._settings.record(),
    }
