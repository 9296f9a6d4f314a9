"""Which weight file is used when none is named."""

from __future__ import annotations

import contextlib
import errno
import os

from ..errors import MissingFileError
from ..files import refusal_to_read

VARIABLE = "GRADCAMPP_WEIGHTS"
DEFAULT_PATH = os.path.join("models", "vgg16.npy")


def find_weights() -> str | None:
    """Find the weight file that is used when none is named.

    Returns
    -------
    str or None
        Its path; None where there is none, so that the network in the box serves.

    Raises
    ------
    MissingFileError
        $GRADCAMPP_WEIGHTS names a file that is not there.
    FileAccessError
        The system does not let us look there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not _is_there(named):
            raise MissingFileError(
                f"there is no file at {named}, which ${VARIABLE} names", errno.ENOENT, named
            )
        return named
    return DEFAULT_PATH if _is_there(DEFAULT_PATH) else None


def no_weights(remedy: str) -> MissingFileError:
    """Make the error of a search that found nothing where the network in the box cannot serve."""
    path = DEFAULT_PATH
    with contextlib.suppress(OSError):  # the working directory may have been deleted
        path = os.path.abspath(path)
    return MissingFileError(
        f"no weights: ${VARIABLE} is not set, and {path} does not exist; {remedy}",
        errno.ENOENT,
        path,
    )


def _is_there(path: str) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise refusal_to_read(path, error) from None
    return True
