"""What can go wrong: every error is a `GradCAMError` and the built-in that fits."""


class GradCAMError(Exception):
    """Base of all errors of this package; its text is one sentence."""

    def __str__(self) -> str:
        # KeyError would show its message in quotes, OSError its errno.
        return str(self.args[0]) if self.args else ""


class InvalidArgumentError(GradCAMError, ValueError):
    """An argument's value cannot be used."""


class WrongTypeError(GradCAMError, TypeError):
    """An argument is of a type that cannot be used."""


class MissingFileError(GradCAMError, FileNotFoundError):
    """No file lies at a path."""


class FileAccessError(GradCAMError, OSError):
    """The system refused to open, read or write a file."""


class BadDataError(GradCAMError, ValueError):
    """The bytes of a file or picture are not what they should be."""


class ClassIndexError(GradCAMError, IndexError):
    """A class index lies outside the model's classes."""


class UnknownNameError(GradCAMError, KeyError):
    """The model has no layer, or no label, of that name."""


class OutOfMemoryError(GradCAMError, MemoryError):
    """Memory could not be had."""
