"""Checks of arguments that are names or paths, shared by all functions that take them."""

from __future__ import annotations

import errno
import os
import sys

import numpy as np

from .errors import GradCAMError, InvalidArgumentError, MissingFileError, WrongTypeError


def check_name(
    name: object, argument: str, refusal: type[GradCAMError] = InvalidArgumentError
) -> str:
    """Return `name` if the library can be asked for it.

    Parameters
    ----------
    name
        What was given.
    argument
        What the error calls it.
    refusal
        Raised for a string that can name nothing: one with NUL or with half a surrogate pair.
    """
    if not isinstance(name, str):
        raise WrongTypeError(f"{argument} is {name!r}, expected a name")
    if "\0" in name or any("\ud800" <= character <= "\udfff" for character in name):
        raise refusal(f"{argument} is {name!r}, which names nothing")
    return name


def check_share(number: object, argument: str, *, takes_zero: bool = False) -> float:
    """Return a number between 0 and 1.

    Parameters
    ----------
    number
        What was given.
    argument
        What the error calls it.
    takes_zero
        Whether 0 is allowed and 1 is not; else it is the other way round.
    """
    if isinstance(number, bool) or not isinstance(number, (int, float, np.integer, np.floating)):
        raise WrongTypeError(f"{argument} is {number!r}, expected a number")
    if not (0 <= number < 1 if takes_zero else 0 < number <= 1):
        span = "0 to less than 1" if takes_zero else "more than 0, at most 1"
        raise InvalidArgumentError(f"{argument} is {number!r}, expected {span}")
    return float(number)


def check_unmasked(values: object, argument: str) -> None:
    """Refuse a masked array in which something is masked: its numbers there mean nothing."""
    masked = sys.modules.get("numpy.ma")  # which a masked array's owner has loaded
    if masked is not None and isinstance(values, masked.MaskedArray) and masked.is_masked(values):
        raise InvalidArgumentError(
            f"{argument}: {masked.count_masked(values)} numbers are masked, expected none: fill "
            "them with filled()"
        )


def check_path(path: object, argument: str) -> str:
    """Return a path as a string if a file can be named so."""
    try:
        text = os.fspath(path)  # type: ignore[call-overload]
    except TypeError:
        raise WrongTypeError(f"{argument} is {path!r}, expected a path") from None
    if not isinstance(text, str):
        raise WrongTypeError(f"{argument} is a path of {type(text).__name__}, expected one of str")
    if not text:
        raise MissingFileError(f"{argument}: the file name is empty", errno.ENOENT, "")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise InvalidArgumentError(f"{argument} is {text!r}, which no file is named") from None
    if "\0" in text:
        raise InvalidArgumentError(f"{argument} is {text!r}, which no file is named")
    return text
