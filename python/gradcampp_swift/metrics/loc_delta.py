"""Loc(delta): how well the brighter part of a map covers the boxes, and no more than them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import checked_heatmap, checked_region
from .metric import Case, Column, Metric

DELTAS = (0.0, 0.25, 0.5)
"""Thresholds of the paper's table."""


def localisation(heatmap: npt.ArrayLike, boxes: npt.ArrayLike, delta: float) -> float:
    """Compute Loc(delta) of one map; higher is better.

    Parameters
    ----------
    heatmap
        The map, (height, width), 0 or more.
    boxes
        bool (height, width), true within the bounding boxes of the class, where those overlap as
        well.
    delta
        Threshold as a share of the map's largest value, 0 to less than 1; a pixel counts if it is
        above, so that 0 takes every pixel that is not 0.

    Returns
    -------
    float
        internal / (area + external), 0 to 1: pixels that count inside the boxes, by the number of
        pixels in the boxes and of those that count outside. 0 for a map without evidence, and
        where there is neither a box nor a pixel that counts.

    References
    ----------
    arXiv:1710.11063, evaluation of object localisation, Loc_I^c(delta): the number of internal
    pixels by the area of the boxes plus the number of external pixels.

    Examples
    --------
    >>> import numpy as np
    >>> localisation([[4, 3, 1, 0]], np.array([[True, True, True, False]]), 0.25)
    0.6666666666666666
    """
    values = checked_heatmap(heatmap)
    inside = checked_region(boxes, values.shape)
    if not 0 <= delta < 1:
        raise InvalidArgumentError(f"delta is {delta!r}, expected 0 to less than 1")
    bright = values > delta * values.max()
    internal = np.count_nonzero(bright & inside)
    whole = np.count_nonzero(inside) + np.count_nonzero(bright) - internal
    return float(internal / whole) if whole else 0.0


def _measure(case: Case) -> list[float]:
    if case.truth is None:
        return []
    region = case.truth.box_region
    return [localisation(case.heatmap, region, delta) for delta in DELTAS]


METRIC = Metric(
    "localisation",
    tuple(
        Column(
            f"loc_{delta:g}",
            f"Loc({delta:g})",
            f"pixels above {delta:g} of the map's maximum: inside the boxes, by the boxes' area "
            "plus those outside",
        )
        for delta in DELTAS
    ),
    _measure,
    needs="boxes",
)
