"""The file that a model maps: where it lies, and whether it is still the same."""

from __future__ import annotations

import os
from typing import TypeAlias

from ..errors import BadDataError
from ..files import refusal_to_read

_Identity: TypeAlias = tuple[int, int, int, int]


class WeightFile:
    """A weight file as it was when its model was loaded.

    Raises
    ------
    MissingFileError, FileAccessError
        There is no such file, or the system does not let us see it.
    """

    def __init__(self, path: str) -> None:
        try:
            self._identity = _identity(os.stat(path))
            self.path = os.path.abspath(path)
        except OSError as error:
            raise refusal_to_read(path, error) from None
        self.size = self._identity[2]
        self._sha256: str | None = None

    def check_unchanged(self) -> None:
        """Raise a BadDataError if another file, or other content, lies at the path now."""
        try:
            found = _identity(os.stat(self.path))
        except OSError as error:
            raise refusal_to_read(self.path, error) from None
        if found != self._identity:
            raise self._changed()

    def sha256(self) -> str:
        """Hash the content that the model was loaded from, in hexadecimal.

        Raises
        ------
        BadDataError
            The file changed since the model was loaded, so that its hash would be of other
            weights than the model's.
        """
        if self._sha256 is not None:
            return self._sha256
        import hashlib

        digest = hashlib.sha256()
        try:
            with open(self.path, "rb", buffering=0) as file:
                before = _identity(os.fstat(file.fileno()))
                while before == self._identity and (block := file.read(1 << 20)):
                    digest.update(block)
                after = _identity(os.fstat(file.fileno()))
        except OSError as error:
            raise refusal_to_read(self.path, error) from None
        if before != self._identity or after != before:
            raise self._changed()
        self._sha256 = digest.hexdigest()
        return self._sha256

    def _changed(self) -> BadDataError:
        return BadDataError(f"{self.path}: the file changed since the model was loaded from it")


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
