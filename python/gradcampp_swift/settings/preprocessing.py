"""How a picture becomes a network's input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from ..arguments import check_name
from ..errors import InvalidArgumentError, WrongTypeError

if not TYPE_CHECKING:
    from ..values import dataclass
else:  # as whoever reads the code knows it, programs too
    from dataclasses import dataclass

_Three: TypeAlias = tuple[float, float, float]
_Value: TypeAlias = tuple[str, float, _Three, _Three, float, str, bool]

RESAMPLES = ("skimage", "bilinear", "bicubic", "lanczos")
"""Filters of the resizing; the first is the default."""


@dataclass(frozen=True)
class Preprocessing:
    """How a network wants pictures: cut, resized, and (colour * scale - mean) / std.

    Colours are from 0 to 255. `crop` of `load` says what is done about other proportions than the
    input's; what of its outcome is seen, and how it is resized, is said here.

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
    crop_fraction
        How much of the height and width that `crop` leaves is seen, above 0 and up to 1, such as
        224 / 256.
    resample
        The filter of the resizing. "skimage" takes the four pixels around a point, as the 2018
        program does. "bilinear", "bicubic" and "lanczos" are as wide as a smaller picture needs,
        and give, bit for bit, what Pillow gives, before its version 13 took rows before columns in
        some tall pictures.
    resize_first
        False cuts the picture and resizes what is left, as EfficientNet's and Keras's pipelines do.
        True resizes the picture and cuts it, as torchvision's and timm's do: to
        ``input / crop_fraction`` pixels, rounded down, of the shorter side (or of both, with
        ``crop="squash"``).

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
    crop_fraction: float = 1.0
    resample: Literal["skimage", "bilinear", "bicubic", "lanczos"] | str = RESAMPLES[0]
    resize_first: bool = False

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
        fraction = _finite(self.crop_fraction, "crop_fraction", positive=True)
        if fraction > 1:
            raise InvalidArgumentError(f"crop_fraction is {fraction}, expected at most 1")
        object.__setattr__(self, "crop_fraction", fraction)
        check_name(self.resample, "resample")
        if self.resample not in RESAMPLES:
            raise InvalidArgumentError(
                f"resample is {self.resample!r}, expected one of {', '.join(RESAMPLES)}"
            )
        if not isinstance(self.resize_first, bool):
            raise WrongTypeError(f"resize_first is {self.resize_first!r}, expected True or False")

    @classmethod
    def timm(cls, config: Mapping[str, Any]) -> Preprocessing:
        """Take what timm says about a network's pictures.

        Parameters
        ----------
        config
            What ``timm.data.resolve_data_config({}, model=model)`` returns, a network's
            ``pretrained_cfg``, or the content of a `config.json` of the Hugging Face Hub. Looked at
            are mean, std, crop_pct, interpolation and crop_mode; what is missing is as in timm
            (ImageNet's mean and std, 0.875, bicubic, center). The input's size is the network's.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            The interpolation or crop mode is none that is known here, or a value is unfit.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> config = {"interpolation": "bicubic", "crop_pct": 0.95}
        >>> gcpp.Preprocessing.timm(config).crop_fraction
        0.95
        """
        if not isinstance(config, Mapping):
            raise WrongTypeError(f"config is of type {type(config).__name__}, expected a mapping")
        said = config.get("pretrained_cfg", config)
        mode = said.get("crop_mode", "center")
        if mode != "center":
            remedy = "load with crop='squash' and give the config without crop_mode"
            raise InvalidArgumentError(
                f"crop_mode is {mode!r}, expected 'center'"
                + (f"; {remedy}" if mode == "squash" else "")
            )
        return cls(
            mean=said.get("mean", IMAGENET_MEAN),
            std=said.get("std", IMAGENET_STD),
            crop_fraction=said.get("crop_pct", 0.875),
            resample=said.get("interpolation", "bicubic"),
            resize_first=True,
        )


def _finite(value: object, name: str, *, positive: bool) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        raise WrongTypeError(f"{name} holds {value!r}, expected a number")
    number = float(value)
    if not math.isfinite(number) or (positive and number <= 0):
        wanted = "a finite number above 0" if positive else "a finite number"
        raise InvalidArgumentError(f"{name} holds {number!r}, expected {wanted}")
    return number


IMAGENET_MEAN: _Three = (0.485, 0.456, 0.406)
IMAGENET_STD: _Three = (0.229, 0.224, 0.225)

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
    return (
        value.channel_order,
        value.scale,
        value.mean,
        value.std,
        value.crop_fraction,
        value.resample,
        value.resize_first,
    )
