"""An explanation in the coordinates of the whole photo, upright and not cropped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_name, check_share
from ..errors import InvalidArgumentError
from ..pictures.connected_components import boxes_by_mass
from ..pictures.geometry import Box, SourceArea, to_picture

_ROWS_AT_ONCE = 256


def area_of(core: _core.Explanation) -> SourceArea | None:
    """Say what of the photo the network saw; None where that is unknown."""
    found = core.area
    return None if found is None else SourceArea(*found)


def known_area(core: _core.Explanation) -> SourceArea:
    """Say what of the photo the network saw, or raise an InvalidArgumentError."""
    area = area_of(core)
    if area is None:
        raise InvalidArgumentError(
            "the picture's size is unknown, since an earlier version pickled this explanation: "
            "explain the picture again, or ask with original=False"
        )
    return area


def map_in_photo(core: _core.Explanation) -> npt.NDArray[np.float32]:
    """Bring the heat map to the photo's own size; `Explanation.map_to_original` documents it."""
    return to_picture(core.heatmap, known_area(core))


def above(values: npt.NDArray[np.float32], threshold: float) -> npt.NDArray[np.bool_]:
    """Find where a map is above a share of its largest value, 0 to less than 1."""
    share = check_share(threshold, "threshold", takes_zero=True)
    found: npt.NDArray[np.bool_] = values > np.float32(share) * values.max()
    return found


def boxes_above(values: npt.NDArray[np.float32], threshold: float) -> list[Box]:
    """Draw a box around each connected part of what `above` finds, the most evidence first."""
    return boxes_by_mass(above(values, threshold), values)


def colored(values: npt.NDArray[np.float32], alpha: float, colormap: str) -> npt.NDArray[np.uint8]:
    """Draw a map in [0, 1] as uint8 RGBA; `Explanation.overlay_rgba` documents it."""
    share = check_share(alpha, "alpha")
    table = _core.colormap_table(check_name(colormap, "colormap"))
    picture = np.empty((*values.shape, 4), np.uint8)
    for start in range(0, len(values), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        # In float64, where the library's pictures choose their colours, too.
        numbers = values[rows].astype(np.float64)
        picture[rows, :, :3] = table[255 - (255 * (1 - numbers)).astype(np.intp)]
        picture[rows, :, 3] = np.rint(255 * share * numbers)
    return picture
