"""What can go wrong: every error is a `GradCAMError` and the built-in that fits."""

from __future__ import annotations

import errno as numbers
import os
from typing import Any

_CONTROL_CHARACTERS = (*range(32), *range(127, 160), 0x2028, 0x2029)
_ESCAPES = {code: ascii(chr(code))[1:-1] for code in _CONTROL_CHARACTERS}


def one_line(text: str) -> str:
    """Escape what could break a line or steer a terminal."""
    return text.translate(_ESCAPES)


class GradCAMError(Exception):
    """Base of all errors of this package; its text is one sentence on one line."""

    def __str__(self) -> str:
        # KeyError would show its message in quotes, OSError its errno.
        return one_line(str(self.args[0])) if self.args else ""


class _FileError(GradCAMError, OSError):
    """An error with the `errno`, `strerror` and `filename` of an OSError, where known."""

    def __init__(
        self, message: str = "", errno: int | None = None, filename: str | None = None
    ) -> None:
        super().__init__(message)
        self.errno = errno
        self.strerror = None if errno is None else os.strerror(errno)
        self.filename = filename

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0] if self.args else "", self.errno, self.filename)


class InvalidArgumentError(GradCAMError, ValueError):
    """An argument's value cannot be used."""


class WrongTypeError(GradCAMError, TypeError):
    """An argument is of a type that cannot be used."""


class MissingFileError(_FileError, FileNotFoundError):
    """No file lies at a path."""

    def __init__(
        self, message: str = "", errno: int | None = numbers.ENOENT, filename: str | None = None
    ) -> None:
        super().__init__(message, errno, filename)


class FileAccessError(_FileError):
    """The system refused to open, read or write a file."""


class MissingPackageError(GradCAMError, ImportError):
    """A file needs another program's package to be read, and it is not installed."""


class BadDataError(GradCAMError, ValueError):
    """The bytes of a file or picture are not what they should be."""


class ClassIndexError(GradCAMError, IndexError):
    """A class index lies outside the model's classes."""


class UnknownNameError(GradCAMError, KeyError):
    """The model has no layer or label of that name."""


class AmbiguousNameError(UnknownNameError):
    """Several classes of the model may be meant by a name."""


class OutOfMemoryError(GradCAMError, MemoryError):
    """Memory could not be had."""
