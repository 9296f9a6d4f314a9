"""Points of the plane: the pieces that shapes are put together from.

A contour is a float64 array (points, 2) of x, y with y downwards. Shapes live in the unit disc.
What a contour winds around is filled; see `coverage`. Contours made here run one way, and `hole`
turns one around.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


def contour(*points: tuple[float, float]) -> Points:
    """Make a contour of corners, turned the way of all others if they run the other."""
    corners = np.array(points, np.float64)
    x, y = corners.T
    twice_area = np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    return corners if twice_area > 0 else corners[::-1]


def hole(points: Points) -> Points:
    """Turn a contour around, so that it cuts out of another what it winds around."""
    return points[::-1]


def ellipse(
    x: float, y: float, width: float, height: float | None = None, count: int = 36
) -> Points:
    """Make an ellipse around x, y; `width` and `height` are half axes."""
    angles = np.arange(count) * (2 * np.pi / count)
    half = width if height is None else height
    return np.stack([x + width * np.cos(angles), y + half * np.sin(angles)], axis=1)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """Make a rectangle with upright sides."""
    return contour((left, top), (right, top), (right, bottom), (left, bottom))


def arc(x: float, y: float, radius: float, start: float, end: float, count: int = 24) -> Points:
    """Make points on a circle from angle `start` to `end`, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, count))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)


def joined(*pieces: Points) -> Points:
    """Make one contour of pieces, in their order."""
    return contour(*map(tuple, np.concatenate(pieces)))
