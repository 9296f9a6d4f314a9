"""From pixels of a picture to those of the network's view of it.

The network sees the picture's centre, cut to the proportions of its input and resized to it. A
pixel of the view belongs to an instance if the point that its centre shows does; `geometry` has the
formula.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...pictures.geometry import Box, center_crop, element_centers


class View(NamedTuple):
    """How a network of `rows` x `columns` pixels sees a picture of `height` x `width`.

    Examples
    --------
    >>> View(height=224, width=448, rows=112, columns=112).box((112, 0, 224, 224))
    (0, 0, 56, 112)
    """

    height: int
    width: int
    rows: int
    columns: int

    def box(self, corners: tuple[float, float, float, float]) -> Box | None:
        """Find the view's pixels in a box (x0, y0, x1, y1), half-open; None if there are none."""
        x0, y0, x1, y1 = corners
        across, down = self._points()
        columns = np.flatnonzero((x0 <= across) & (across < x1))
        rows = np.flatnonzero((y0 <= down) & (down < y1))
        if not columns.size or not rows.size:
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def mask(self, mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Bring a mask (height, width) to the view, (rows, columns)."""
        across, down = self._points()
        return mask[np.ix_(down.astype(np.intp), across.astype(np.intp))]

    def _points(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """List x of each column and y of each row, in pixels of the picture."""
        area = center_crop(self.height, self.width, self.rows, self.columns)
        return (
            element_centers(area.left, area.width, self.columns),
            element_centers(area.top, area.height, self.rows),
        )
