"""Deletion and insertion: how fast the class goes, and comes, with the pixels a map ranks first.

V. Petsiuk, A. Das and K. Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box
Models", BMVC 2018, arXiv:1806.07421, section 4, evaluation metrics.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import Numbers, checked_heatmap, checked_picture
from .blur import gaussian_blur
from .metric import Case, Column, Metric, Score
from .scoring import scores_of

STEPS = 28
"""For 224x224 pixels, 1792 of them in a step."""


class Curve(NamedTuple):
    """Probabilities while pixels change, and the area under them."""

    area: float
    """Trapezoids over the share of pixels changed, 0 to 1."""
    scores: Numbers
    """(steps + 1,): before the first step, and after each."""


def deletion(
    picture: npt.ArrayLike,
    heatmap: npt.ArrayLike,
    score: Score,
    steps: int = STEPS,
    baseline: npt.ArrayLike | None = None,
) -> Curve:
    """Take the pixels away that the map ranks first; a low area is better.

    Parameters
    ----------
    picture
        RGB (height, width, 3), in [0, 1] or uint8.
    heatmap
        The map at the picture's size, (height, width), 0 or more. Pixels of the same value go row
        by row from the top, so that a map without evidence wipes the picture downwards.
    score
        From such a picture (in [0, 1]) to the probability of the class: `ProbabilityScore`, which
        takes several pictures at once, or any function.
    steps
        After step i, floor(i * pixels / steps) pixels are changed.
    baseline
        What replaces a pixel: a picture of the same shape. None for the mean colour of the
        picture itself: the authors take zero, after their network's mean colour was subtracted.

    Returns
    -------
    Curve

    References
    ----------
    arXiv:1806.07421, section 4, evaluation metrics.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.array([[[1.0] * 3, [0.0] * 3]])
    >>> deletion(picture, [[2, 1]], lambda shown: shown[0, 0, 0], steps=2, baseline=0 * picture)
    Curve(area=0.25, scores=array([1., 0., 0.]))
    """
    weights = checked_heatmap(heatmap)
    start = checked_picture(picture, weights.shape)
    finish = np.broadcast_to(start.mean(axis=(0, 1)), start.shape)
    if baseline is not None:
        finish = checked_picture(baseline, weights.shape)
    return _curve(start, finish, weights, score, steps)


def insertion(
    picture: npt.ArrayLike,
    heatmap: npt.ArrayLike,
    score: Score,
    steps: int = STEPS,
    baseline: npt.ArrayLike | None = None,
) -> Curve:
    """Give the pixels back that the map ranks first; a high area is better.

    Parameters
    ----------
    picture, heatmap, score, steps
        As for `deletion`.
    baseline
        The picture to begin with, of the same shape; None for the blurred picture,
        `gaussian_blur` with its defaults.

    Returns
    -------
    Curve

    References
    ----------
    arXiv:1806.07421, section 4, evaluation metrics.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.array([[[1.0] * 3, [0.0] * 3]])
    >>> insertion(picture, [[2, 1]], lambda shown: shown[0, 0, 0], steps=2, baseline=0 * picture)
    Curve(area=0.75, scores=array([0., 1., 1.]))
    """
    weights = checked_heatmap(heatmap)
    finish = checked_picture(picture, weights.shape)
    given = gaussian_blur(finish) if baseline is None else baseline
    # Sums of the blur's weights may exceed 1 by a rounding.
    start = checked_picture(np.clip(given, 0, 1) if baseline is None else given, weights.shape)
    return _curve(start, finish, weights, score, steps)


def _curve(start: Numbers, finish: Numbers, weights: Numbers, score: Score, steps: int) -> Curve:
    """Turn one picture into the other by the map's order, and score it on the way."""
    if steps < 1:
        raise InvalidArgumentError(f"steps is {steps!r}, expected 1 or more")
    values = scores_of(score, _changing(start, finish, weights, steps))
    return Curve(float((values[:-1] + values[1:]).mean() / 2), values)


def _changing(start: Numbers, finish: Numbers, weights: Numbers, steps: int) -> Iterator[Numbers]:
    """Give the picture before the first step and after each, always the same array."""
    order = np.argsort(-weights.ravel(), kind="stable")
    shown = start.copy()
    pixels, goal = shown.reshape(-1, 3), finish.reshape(-1, 3)
    yield shown
    for step in range(steps):
        changed = order[step * order.size // steps : (step + 1) * order.size // steps]
        pixels[changed] = goal[changed]
        yield shown


DELETION_METRIC = Metric(
    "deletion",
    (
        Column(
            "deletion",
            "deletion area",
            "area under the probability while the map's first pixels take the picture's mean "
            f"colour, {STEPS} steps; lower is better",
        ),
    ),
    lambda case: [deletion(case.picture, case.heatmap, case.score).area],
    is_optional=True,
)


def _insertion(case: Case) -> list[float]:
    return [insertion(case.picture, case.heatmap, case.score).area]


INSERTION_METRIC = Metric(
    "insertion",
    (
        Column(
            "insertion",
            "insertion area",
            "area under the probability while the map's first pixels come back into the blurred "
            f"picture, {STEPS} steps; higher is better",
        ),
    ),
    _insertion,
    is_optional=True,
)
