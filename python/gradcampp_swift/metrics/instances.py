"""Instances found: in how many of a picture's objects a map is bright somewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import checked_heatmap, checked_region
from .metric import Case, Column, Metric

LEVEL = 0.5


def instances_found(
    heatmap: npt.ArrayLike, regions: Sequence[npt.ArrayLike], level: float = LEVEL
) -> float:
    """Compute the share of instances that a map lights; higher is better.

    It asks what section 3.2 of the Grad-CAM++ paper (arXiv:1710.11063) claims, that maps show all
    instances of a class and not only one. The definition is our own.

    Parameters
    ----------
    heatmap
        The map, (height, width), 0 or more.
    regions
        bool (height, width) for each instance, one or more: its mask, or its box.
    level
        An instance is found if the map reaches this share of its largest value somewhere within
        it; more than 0, at most 1.

    Returns
    -------
    float
        0 to 1; 0 for a map without evidence.

    Examples
    --------
    >>> import numpy as np
    >>> left, right = np.array([[True, False, False]]), np.array([[False, False, True]])
    >>> instances_found([[8, 0, 3]], [left, right])
    0.5
    """
    values = checked_heatmap(heatmap)
    if not 0 < level <= 1:
        raise InvalidArgumentError(f"level is {level!r}, expected more than 0, at most 1")
    if not regions:
        raise InvalidArgumentError("there are no regions, expected one for each instance")
    inside = [checked_region(region, values.shape) for region in regions]
    largest = values.max()
    if largest == 0:
        return 0.0
    found = [region.any() and values[region].max() >= level * largest for region in inside]
    return float(np.mean(found))


def _measure(case: Case) -> list[float]:
    truth = case.truth
    if truth is None:
        return []
    return [instances_found(case.heatmap, [_within(box, truth.region) for box in truth.boxes])]


def _within(box: tuple[int, int, int, int], region: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    x0, y0, x1, y1 = box
    inside = np.zeros_like(region)
    inside[y0:y1, x0:x1] = region[y0:y1, x0:x1]
    return inside


METRIC = Metric(
    "instances found",
    (
        Column(
            "instances_found",
            "instances found %",
            f"share of the instances (boxes, within the mask where there is one) in which the map "
            f"reaches {LEVEL:g} of its maximum",
            scale=100,
            decimals=1,
        ),
    ),
    _measure,
    needs="boxes",
)
