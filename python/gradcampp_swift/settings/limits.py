"""What files may cost."""

from __future__ import annotations

import dataclasses

import numpy as np

from .. import _core
from ..errors import InvalidArgumentError, WrongTypeError

_PIXELS, _DECODED_BYTES, _SCANS, _LAYERS, _MULTIPLY_ADDS, _WORKSPACE_BYTES = _core.limits()


@dataclasses.dataclass(frozen=True)
class Limits:
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

    def __post_init__(self) -> None:
        """Check the values and turn them into ints."""
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            is_whole = isinstance(value, (int, np.integer)) or (
                isinstance(value, float) and value.is_integer()
            )
            if isinstance(value, bool) or not is_whole:
                raise WrongTypeError(f"{field.name} is {value!r}, expected a whole number")
            if not 1 <= value < 1 << 63:
                raise InvalidArgumentError(f"{field.name} is {value!r}, expected 1 to 2^63 - 1")
            object.__setattr__(self, field.name, int(value))

    def as_core_argument(self) -> tuple[int, int, int, int, int, int]:
        """Turn the limits into what the extension takes."""
        return (
            self.pixels,
            self.decoded_bytes,
            self.scans,
            self.layers,
            self.multiply_adds,
            self.workspace_bytes,
        )


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
    return Limits(
        pixels=pixels,  # type: ignore[arg-type]  # checked there
        decoded_bytes=decoded_bytes,  # type: ignore[arg-type]
        scans=scans,  # type: ignore[arg-type]
        layers=layers,  # type: ignore[arg-type]
        multiply_adds=multiply_adds,  # type: ignore[arg-type]
        workspace_bytes=workspace_bytes,  # type: ignore[arg-type]
    )


def check_limits(value: object) -> Limits:
    """Take what `limits` returns."""
    if not isinstance(value, Limits):
        raise WrongTypeError(f"limits is {value!r}, expected what gradcampp_swift.limits returns")
    return value
