"""Checks of the arrays that metrics take."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError

Numbers = npt.NDArray[np.float64]
Region = npt.NDArray[np.bool_]


def checked_heatmap(heatmap: npt.ArrayLike) -> Numbers:
    """Return a map as float64 (height, width), if it holds finite values that are not negative."""
    found = np.asarray(heatmap, np.float64)
    if found.ndim != 2 or not found.size:
        raise InvalidArgumentError(f"the map has shape {found.shape}, expected (height, width)")
    low, high = found.min(), found.max()
    if not (low >= 0 and high < np.inf):  # NaN fails both
        raise InvalidArgumentError(
            f"the map holds values from {low:g} to {high:g}, expected finite ones of 0 or more"
        )
    return found


def checked_picture(picture: npt.ArrayLike, shape: tuple[int, ...]) -> Numbers:
    """Return a picture as float64 (height, width, 3) in [0, 1], if it is of the map's size."""
    found = np.asarray(picture)
    if found.shape != (*shape, 3):
        raise InvalidArgumentError(
            f"the picture has shape {found.shape}, expected {(*shape, 3)}, the map's size in RGB"
        )
    numbers: Numbers = found / 255 if found.dtype == np.uint8 else found.astype(np.float64)
    low, high = numbers.min(), numbers.max()
    if not (low >= 0 and high <= 1):
        raise InvalidArgumentError(
            f"the picture holds values from {low:g} to {high:g}, expected [0, 1] or uint8"
        )
    return numbers


def checked_region(region: npt.ArrayLike, shape: tuple[int, ...]) -> Region:
    """Return a region as bool (height, width), if it is of the map's size."""
    found = np.asarray(region)
    if found.shape != shape or found.dtype != np.bool_:
        raise InvalidArgumentError(
            f"the region is {found.dtype} of shape {found.shape}, expected bool of the map's shape "
            f"{shape}"
        )
    return found


def checked_values(values: npt.ArrayLike, name: str) -> Numbers:
    """Return a list of numbers as float64 (n,), if there is one at least and all are finite."""
    found: npt.NDArray[Any] = np.asarray(values, np.float64)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise InvalidArgumentError(
            f"{name}: an array of shape {found.shape}, expected a list of finite numbers, one or "
            "more"
        )
    return found


def checked_pairs(
    first: npt.ArrayLike, second: npt.ArrayLike, names: tuple[str, str]
) -> tuple[Numbers, Numbers]:
    """Return two lists of numbers of the same pictures."""
    one, other = checked_values(first, names[0]), checked_values(second, names[1])
    if one.shape != other.shape:
        raise InvalidArgumentError(
            f"{names[1]}: {other.size} numbers, expected as many as {names[0]}, {one.size}"
        )
    return one, other
