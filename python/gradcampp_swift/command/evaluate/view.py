"""From pixels of a picture to those of the network's view of it.

The network sees an area of the picture, resized to its input. A pixel of the view belongs to an
instance if the point that its centre shows does; `geometry` has the formula. Points of the border
that some crops put around a picture belong to none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...explanations.explanation import Explanation
from ...explanations.in_the_photo import known_area
from ...pictures.geometry import Box, SourceArea, element_centers

Points = npt.NDArray[np.float64]


class View(NamedTuple):
    """How a network of `rows` x `columns` pixels sees an area of a picture.

    Examples
    --------
    >>> area = SourceArea(224, 448, top=0, left=112, height=224, width=224)
    >>> View(area, rows=112, columns=112).box((112, 0, 224, 224))
    (0, 0, 56, 112)
    """

    area: SourceArea
    rows: int
    columns: int

    @classmethod
    def of(cls, explanation: Explanation) -> View:
        """Say how the network saw the picture that was explained."""
        rows, columns = explanation.heatmap.shape
        return cls(known_area(explanation._core), rows, columns)

    def box(self, corners: tuple[float, float, float, float]) -> Box | None:
        """Find the view's pixels in a box (x0, y0, x1, y1), half-open; None if there are none."""
        x0, y0, x1, y1 = corners
        across, down, is_across, is_down = self._points()
        columns = np.flatnonzero(is_across & (x0 <= across) & (across < x1))
        rows = np.flatnonzero(is_down & (y0 <= down) & (down < y1))
        if not columns.size or not rows.size:
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def mask(self, mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Bring a mask (image_height, image_width) to the view, (rows, columns); 0 in a border."""
        across, down, is_across, is_down = self._points()
        seen = np.zeros((self.rows, self.columns), np.uint8)
        places = np.ix_(down[is_down].astype(np.intp), across[is_across].astype(np.intp))
        seen[np.ix_(is_down, is_across)] = mask[places]
        return seen

    def _points(self) -> tuple[Points, Points, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """List x of each column and y of each row, in pixels, and which lie in the picture."""
        area = self.area
        across = element_centers(area.left, area.width, self.columns)
        down = element_centers(area.top, area.height, self.rows)
        is_across = (across >= 0) & (across < area.image_width)
        is_down = (down >= 0) & (down < area.image_height)
        return across, down, is_across, is_down
