"""Energy-based pointing game: how much of a map lies on the object."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .arrays import checked_heatmap, checked_region
from .metric import Case, Column, Metric


def energy_inside(heatmap: npt.ArrayLike, region: npt.ArrayLike) -> float:
    """Compute which share of a map's sum lies within a region; higher is better.

    Parameters
    ----------
    heatmap
        The map, (height, width), 0 or more.
    region
        bool (height, width): the object's mask, or its bounding boxes as in the paper.

    Returns
    -------
    float
        0 to 1; 0 for a map without evidence. A map that is the same everywhere has the region's
        share of the area.

    References
    ----------
    H. Wang et al., "Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural
    Networks", CVPR Workshops 2020, arXiv:1910.01279, localisation evaluation, Proportion.

    Examples
    --------
    >>> import numpy as np
    >>> energy_inside([[3, 1], [0, 4]], np.array([[True, True], [False, False]]))
    0.5
    """
    values = checked_heatmap(heatmap)
    inside = checked_region(region, values.shape)
    whole = values.sum()
    return float(values[inside].sum() / whole) if whole > 0 else 0.0


def _boxes(case: Case) -> list[float]:
    return [] if case.truth is None else _shares(case, case.truth.box_region)


def _mask(case: Case) -> list[float]:
    return [] if case.truth is None or case.truth.mask is None else _shares(case, case.truth.mask)


def _shares(case: Case, region: npt.NDArray[np.bool_]) -> list[float]:
    return [energy_inside(case.heatmap, region), float(region.mean())]


def _columns(name: str, words: str) -> tuple[Column, Column]:
    return (
        Column(f"energy_{name}", f"energy in {words}", f"share of the map's sum inside {words}"),
        Column(f"area_{name}", f"area of {words}", f"share of the view that is inside {words}"),
    )


BOX_METRIC = Metric("energy in boxes", _columns("boxes", "the boxes"), _boxes, needs="boxes")
MASK_METRIC = Metric("energy in mask", _columns("mask", "the mask"), _mask, needs="masks")
