"""The pointing game: whether a map's highest point lies on the object."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import checked_heatmap, checked_region
from .metric import Case, Column, Metric

TOLERANCE = 15
"""Pixels, as in the paper's experiments."""


def pointing_game(
    heatmap: npt.ArrayLike, region: npt.ArrayLike, tolerance: float = TOLERANCE
) -> bool:
    """Find out whether a map's largest value lies on an object, or near it.

    Parameters
    ----------
    heatmap
        The map, (height, width), 0 or more. Of several pixels with the largest value the first
        counts, row by row from the top, left to right.
    region
        bool (height, width): the instances of the class, as a mask or as boxes.
    tolerance
        How far from the region the point may lie, in pixels, from centre to centre.

    Returns
    -------
    bool
        False for a map without evidence, which points nowhere, and for an empty region. The share
        of hits among pictures is the metric's accuracy.

    References
    ----------
    J. Zhang et al., "Top-down Neural Attention by Excitation Backprop", ECCV 2016,
    arXiv:1608.00507, section 4.1.

    Examples
    --------
    >>> import numpy as np
    >>> region = np.array([[True, False, False, False]])
    >>> pointing_game([[0, 0, 1, 0]], region, tolerance=2)
    True
    >>> pointing_game([[0, 0, 0, 1]], region, tolerance=2)
    False
    """
    values = checked_heatmap(heatmap)
    inside = checked_region(region, values.shape)
    if not 0 <= tolerance < np.inf:
        raise InvalidArgumentError(f"tolerance is {tolerance!r}, expected 0 or more pixels")
    if not values.any():
        return False
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    rows, columns = np.nonzero(inside)
    squares = (rows - int(row)) ** 2 + (columns - int(column)) ** 2
    return bool((squares <= tolerance**2).any())


def _measure(case: Case) -> list[float]:
    truth = case.truth
    return [] if truth is None else [float(pointing_game(case.heatmap, truth.region))]


METRIC = Metric(
    "pointing game",
    (
        Column(
            "pointing",
            "pointing game %",
            f"1 where the map's maximum is within {TOLERANCE} pixels of the mask (of the boxes, "
            "where there is no mask), else 0",
            scale=100,
            decimals=1,
        ),
    ),
    _measure,
    needs="boxes",
)
