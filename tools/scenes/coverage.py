"""How much of each pixel a shape covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .outlines import Points

# Sample points a pixel, along each axis.
FINE = 4


def coverage(
    contours: Sequence[Points], left: int, top: int, width: int, height: int
) -> npt.NDArray[np.float32]:
    """Find the share of each pixel that the contours wind around, (height, width) in [0, 1].

    On each of `FINE` lines a pixel row, every edge that crosses the line changes the winding
    number of all sample points to its right by one, up or down with its direction. The running
    sum along the line is the winding number; points where it is positive are covered. A pixel's
    share is that of its FINE x FINE samples, exact in float32. What is outside the window is cut
    off.

    Parameters
    ----------
    contours
        Corners in pixels of the picture, whose pixel (0, 0) is the square [0, 1) x [0, 1).
    left, top, width, height
        The window, in whole pixels.
    """
    starts = np.concatenate(contours) * FINE
    ends = np.concatenate([np.roll(each, -1, axis=0) for each in contours]) * FINE
    offset = np.array([left, top]) * FINE
    x0, y0 = (starts - offset).T
    x1, y1 = (ends - offset).T
    rows, columns = height * FINE, width * FINE
    # Sample line r is at y = r + 1/2; an edge crosses the lines from `first` to before `last`.
    first = np.clip(np.ceil(np.minimum(y0, y1) - 0.5), 0, rows).astype(np.intp)
    last = np.clip(np.ceil(np.maximum(y0, y1) - 0.5), 0, rows).astype(np.intp)
    counts = last - first
    edge = np.repeat(np.arange(len(counts)), counts)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    slope = (x1 - x0)[edge] / (y1 - y0)[edge]
    x = x0[edge] + slope * (row + 0.5 - y0[edge])
    column = np.clip(np.ceil(x - 0.5), 0, columns).astype(np.intp)
    # Contours run clockwise on the screen: their left sides go up.
    change = np.where(y1 < y0, 1, -1)[edge]
    size = rows * (columns + 1)
    jumps = np.bincount(row * (columns + 1) + column, change, size).astype(np.int8)
    winding = np.cumsum(jumps.reshape(rows, columns + 1)[:, :columns], axis=1, dtype=np.int8)
    inside = (winding > 0).view(np.uint8).reshape(height, FINE, width, FINE)
    count = inside.sum(axis=(1, 3), dtype=np.uint8)
    share: npt.NDArray[np.float32] = count.astype(np.float32) / np.float32(FINE * FINE)
    return share
