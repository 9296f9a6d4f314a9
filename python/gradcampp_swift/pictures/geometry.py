"""Where in a picture lies what a network saw of it, and a map's way back there.

Along an axis the network's input has n elements, which show `extent` pixels of the picture from
pixel `start` on. Pixel i covers i to i + 1, so the centre of element j lies at

    x(j) = start + (j + 1/2) * extent / n

Solved for j, the centre of pixel i, which is i + 1/2, lies in the input at

    j(i) = (i + 1/2 - start) * n / extent - 1/2

and the way back gives it the linear interpolation between elements floor(j) and floor(j) + 1.
Pixels nearer to the edge of the area than the centre of the first or last element take its value.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Box: TypeAlias = tuple[int, int, int, int]
"""(x0, y0, x1, y1) in pixels: columns x0 to x1 - 1 and rows y0 to y1 - 1."""


class SourceArea(NamedTuple):
    """The part of an upright picture that a network saw, in the picture's pixels."""

    image_height: int
    """Rows of the whole picture."""
    image_width: int
    top: int
    """First row of the area."""
    left: int
    height: int
    """Rows of the area."""
    width: int


def element_centers(start: int, extent: int, count: int) -> npt.NDArray[np.float64]:
    """List x(j) of the input's elements along an axis, in pixels of the picture.

    Examples
    --------
    >>> element_centers(start=10, extent=8, count=2)
    array([12., 16.])
    """
    return start + (np.arange(count) + 0.5) * extent / count


def to_picture(values: npt.NDArray[Any], area: SourceArea) -> npt.NDArray[np.float32]:
    """Enlarge or reduce a map of a network's input to the picture.

    Parameters
    ----------
    values
        (height, width) of the network's input.
    area
        What of the picture the input shows.

    Returns
    -------
    float32 (image_height, image_width)
        0 outside the area.

    Examples
    --------
    >>> area = SourceArea(1, 6, top=0, left=1, height=1, width=4)
    >>> to_picture(np.array([[0.0, 1.0]]), area)
    array([[0.  , 0.  , 0.25, 0.75, 1.  , 0.  ]], dtype=float32)
    """
    picture = np.zeros((area.image_height, area.image_width), np.float32)
    rows = _Neighbors.along(area.top, area.height, values.shape[0], area.image_height)
    columns = _Neighbors.along(area.left, area.width, values.shape[1], area.image_width)
    numbers = values.astype(np.float64)
    lines = (1 - columns.weight) * numbers[:, columns.lower] + columns.weight * numbers[
        :, columns.upper
    ]
    inside = picture[rows.inside, columns.inside]
    # Line by line: the picture may have a hundred million pixels, and float64 ones would not fit.
    for line, lower, upper, weight in zip(inside, *rows.places, strict=True):
        line[:] = (1 - weight) * lines[lower] + weight * lines[upper]
    return picture


class _Neighbors(NamedTuple):
    """Between which elements of the input the pixels of one axis lie."""

    inside: slice
    """The picture's pixels that lie in the area."""
    lower: npt.NDArray[np.intp]
    upper: npt.NDArray[np.intp]
    weight: npt.NDArray[np.float64]
    """That of `upper`, 0 to 1."""

    @classmethod
    def along(cls, start: int, extent: int, count: int, pixels: int) -> _Neighbors:
        first, end = max(start, 0), min(start + extent, pixels)
        place = (np.arange(first, end) + 0.5 - start) * count / extent - 0.5
        place = np.clip(place, 0, count - 1)
        lower = np.floor(place).astype(np.intp)
        return cls(
            slice(first, end), lower, np.minimum(lower + 1, count - 1), place - np.floor(place)
        )

    @property
    def places(self) -> tuple[Any, Any, Any]:
        return self.lower, self.upper, self.weight
