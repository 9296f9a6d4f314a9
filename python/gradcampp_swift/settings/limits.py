"""What files may cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import _core
from ..errors import InvalidArgumentError, WrongTypeError

_PIXELS, _DECODED_BYTES, _SCANS, _LAYERS, _MULTIPLY_ADDS, _WORKSPACE_BYTES = _core.limits()


class Limits(NamedTuple):
    """What a weight file and pictures may cost, in memory and work. Made by `limits`.

    Costs are worked out before the work begins; what is above its limit is refused with a message
    that names the cost, the limit and the parameter here that raises it. The fields are in the
    order in which the extension takes them.
    """

    pixels: int = _PIXELS
    decoded_bytes: int = _DECODED_BYTES
    scans: int = _SCANS
    layers: int = _LAYERS
    multiply_adds: int = _MULTIPLY_ADDS
    workspace_bytes: int = _WORKSPACE_BYTES


DEFAULT_LIMITS = Limits()


def limits(
    *,
    pixels: float = _PIXELS,
    decoded_bytes: float = _DECODED_BYTES,
    scans: float = _SCANS,
    layers: float = _LAYERS,
    multiply_adds: float = _MULTIPLY_ADDS,
    workspace_bytes: float = _WORKSPACE_BYTES,
) -> Limits:
    """Choose what a weight file and pictures may cost, for `load`.

    Parameters
    ----------
    pixels
        Of a picture.
    decoded_bytes
        Memory in bytes that decoding a picture takes, or all arrays of a weight file as float32, or
        a copy of that file.
    scans
        Passes over a JPEG's picture.
    layers
        Operators of a network.
    multiply_adds
        Of one forward pass of one picture; two floating-point operations each.
    workspace_bytes
        Memory in bytes that one call of a network works in.

    Returns
    -------
    Limits

    Raises
    ------
    InvalidArgumentError, WrongTypeError
        A value is less than 1, or no whole number.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> gcpp.limits().multiply_adds
    100000000000
    >>> model = gcpp.load("large.safetensors", limits=gcpp.limits(multiply_adds=3e11))
    ... # doctest: +SKIP
    """
    given = {
        "pixels": pixels,
        "decoded_bytes": decoded_bytes,
        "scans": scans,
        "layers": layers,
        "multiply_adds": multiply_adds,
        "workspace_bytes": workspace_bytes,
    }
    return Limits(**{name: _whole(value, name) for name, value in given.items()})


def _whole(value: object, name: str) -> int:
    is_whole = isinstance(value, (int, np.integer)) or (
        isinstance(value, float) and value.is_integer()
    )
    if isinstance(value, bool) or not is_whole:
        raise WrongTypeError(f"{name} is {value!r}, expected a whole number")
    number = int(value)  # type: ignore[call-overload]  # it is one of those
    if not 1 <= number < 1 << 63:
        raise InvalidArgumentError(f"{name} is {value!r}, expected 1 to 2^63 - 1")
    return int(number)


def check_limits(value: object) -> Limits:
    """Take what `limits` returns."""
    if not isinstance(value, Limits):
        raise WrongTypeError(f"limits is {value!r}, expected what gradcampp_swift.limits returns")
    return limits(**value._asdict())
