"""Which weight file is used when none is named."""

from __future__ import annotations

import contextlib
import errno
import os

from ..errors import MissingFileError
from ..files import refusal_to_read
from .named_networks import BOX, is_name, photo_network

VARIABLE = "GRADCAMPP_WEIGHTS"
DEFAULT_PATH = os.path.join("models", "vgg16.npy")


def find_weights() -> str:
    """Find the weights that are used when none are named.

    Returns
    -------
    str
        The path or name that $GRADCAMPP_WEIGHTS gives; else `models/vgg16.npy`, if it is there;
        else the name of the first network for photos whose package is installed; else "box".

    Raises
    ------
    MissingFileError
        $GRADCAMPP_WEIGHTS names a file that is not there.
    FileAccessError
        The system does not let us look there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not is_name(named) and not _is_there(named):
            raise MissingFileError(
                f"there is no file at {named}, which ${VARIABLE} names", errno.ENOENT, named
            )
        return named
    if _is_there(DEFAULT_PATH):
        return DEFAULT_PATH
    network = photo_network()
    return BOX if network is None else network.name


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
