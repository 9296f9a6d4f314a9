"""The box of a map's largest bright part, compared with the boxes of the ground truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy.typing as npt

from ..errors import InvalidArgumentError
from ..pictures.connected_components import largest_box
from ..pictures.geometry import Box
from .arrays import checked_heatmap
from .metric import Case, Column, Metric

THRESHOLD = 0.15
"""Share of the map's maximum, as in the paper."""


def intersection_over_union(first: Box, second: Box) -> float:
    """Compare two boxes (x0, y0, x1, y1), half-open: 0 for disjoint ones, 1 for equal ones.

    Examples
    --------
    >>> intersection_over_union((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    common = max(0, width) * max(0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    whole = sum(areas) - common
    return common / whole if whole > 0 else 0.0


def bounding_box(heatmap: npt.ArrayLike, threshold: float = THRESHOLD) -> Box | None:
    """Draw the box around the largest connected part of a map that is above a threshold.

    Parameters
    ----------
    heatmap
        The map, (height, width), 0 or more.
    threshold
        Share of the map's largest value, 0 to less than 1; pixels above it are connected by
        sides and corners.

    Returns
    -------
    (x0, y0, x1, y1)
        Half-open, in pixels; None for a map without evidence. Of parts of the same size it is the
        one whose first pixel comes first, row by row.

    References
    ----------
    R. R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
    Localization", ICCV 2017, arXiv:1610.02391, section 4.1, on localisation: 15 % of the maximum,
    and the single largest segment.

    Examples
    --------
    >>> bounding_box([[0, 9, 1], [0, 9, 0], [5, 0, 0]], threshold=0.5)
    (0, 0, 2, 3)
    """
    values = checked_heatmap(heatmap)
    if not 0 <= threshold < 1:
        raise InvalidArgumentError(f"threshold is {threshold!r}, expected 0 to less than 1")
    return largest_box(values > threshold * values.max())


def best_box(heatmap: npt.ArrayLike, boxes: Sequence[Box], threshold: float = THRESHOLD) -> float:
    """Compute the IoU of the map's box with the box of the ground truth that fits it best.

    Parameters
    ----------
    heatmap, threshold
        As for `bounding_box`.
    boxes
        (x0, y0, x1, y1) of each instance, half-open, in pixels of the map.

    Returns
    -------
    float
        0 to 1; 0 for a map without evidence, and without boxes.

    References
    ----------
    arXiv:1610.02391, section 4.1, whose localisation counts as right from 0.5.

    Examples
    --------
    >>> best_box([[1, 1, 0, 0]], [(0, 0, 1, 1), (3, 0, 4, 1)])
    0.5
    """
    found = bounding_box(heatmap, threshold)
    if found is None:
        return 0.0
    return max((intersection_over_union(found, box) for box in boxes), default=0.0)


def _measure(case: Case) -> list[float]:
    return [] if case.truth is None else [best_box(case.heatmap, case.truth.boxes)]


METRIC = Metric(
    "best box",
    (
        Column(
            "best_box_iou",
            "IoU of the best box",
            "intersection over union of the box around the map's largest part above "
            f"{THRESHOLD:g} of its maximum with the instance's box that fits best",
        ),
    ),
    _measure,
    needs="boxes",
)
