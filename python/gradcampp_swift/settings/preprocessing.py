"""How colours become a network's input."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np

from ..arguments import check_name
from ..errors import InvalidArgumentError, WrongTypeError
from ..values import dataclass

_Three: TypeAlias = tuple[float, float, float]
_Value: TypeAlias = tuple[str, float, _Three, _Three]


@dataclass(frozen=True)
class Preprocessing:
    """How a network wants colours: (colour * scale - mean) / std, colours from 0 to 255.

    Before that a picture is brought to the input's proportions, see `crop` of `load`, and resized.

    Parameters
    ----------
    channel_order
        "RGB" or "BGR": the order of the input's channels.
    scale
        What colours are multiplied by, above 0.
    mean
        What is then subtracted, for each channel in that order.
    std
        What is then divided by, likewise, above 0.

    Raises
    ------
    InvalidArgumentError, WrongTypeError
        A value is outside these, or of another kind.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> gcpp.Preprocessing("RGB", 1 / 255, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)).std
    (0.5, 0.5, 0.5)
    """

    channel_order: Literal["RGB", "BGR"] | str = "RGB"
    scale: float = 1 / 255
    mean: _Three = (0.0, 0.0, 0.0)
    std: _Three = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        """Check the values and turn them into floats."""
        if self.channel_order not in ("RGB", "BGR"):
            raise InvalidArgumentError(
                f"channel_order is {self.channel_order!r}, expected 'RGB' or 'BGR'"
            )
        for name, values in (("mean", self.mean), ("std", self.std)):
            try:
                three = tuple(values)
            except TypeError:
                raise WrongTypeError(f"{name} is {values!r}, expected three numbers") from None
            if len(three) != 3:
                raise InvalidArgumentError(f"{name} has {len(three)} values, expected three")
            numbers = tuple(_finite(value, name, positive=name == "std") for value in three)
            object.__setattr__(self, name, numbers)
        object.__setattr__(self, "scale", _finite(self.scale, "scale", positive=True))


def _finite(value: object, name: str, *, positive: bool) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        raise WrongTypeError(f"{name} holds {value!r}, expected a number")
    number = float(value)
    if not math.isfinite(number) or (positive and number <= 0):
        wanted = "a finite number above 0" if positive else "a finite number"
        raise InvalidArgumentError(f"{name} holds {number!r}, expected {wanted}")
    return number


CAFFE = Preprocessing("BGR", 1.0, mean=(103.939, 116.779, 123.68))
"""What a `.npy` file is taken to want: the library's "caffe"."""


def as_core_argument(preprocessing: object) -> str | _Value | None:
    """Turn an argument `preprocessing` into the core's: a name, values, or None for the default."""
    if preprocessing is None:
        return None
    if isinstance(preprocessing, str):
        return check_name(preprocessing, "preprocessing")
    if not isinstance(preprocessing, Preprocessing):
        raise WrongTypeError(
            f"preprocessing is of type {type(preprocessing).__name__}, expected a name or a "
            "Preprocessing"
        )
    value = preprocessing
    return value.channel_order, value.scale, value.mean, value.std
