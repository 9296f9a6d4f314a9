"""How the library resizes a map: linear, without smoothing, and 0 outside.

Along an axis of m numbers, number i of n lies at

    p(i) = (i + 1/2) * m / n - 1/2

between numbers floor(p) and ceil(p); those outside count as 0, so that what is enlarged fades
within half a cell of the border. `docs/mathematics.md` says why; the library's own is
`LinearResize.swift`, and this is the same rule for pictures of any size, some rows at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_ROWS_AT_ONCE = 256


def resized(
    values: npt.NDArray[np.float64], height: int, width: int
) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Resize a map (rows, columns), neither of them 0.

    Yields
    ------
    rows, numbers
        Which rows of the result, and those, float32 (rows, width).

    Examples
    --------
    >>> ((rows, numbers),) = resized(np.array([[0.0, 1.0]]), height=1, width=4)
    >>> numbers
    array([[0.  , 0.25, 0.75, 0.75]], dtype=float32)
    """
    lower, upper, weight = _neighbors(values.shape[1], width)
    padded = np.pad(values, 1)
    columns = (1 - weight) * padded[:, lower] + weight * padded[:, upper]
    lower, upper, weight = _neighbors(values.shape[0], height)
    smallest, largest = values.min(), values.max()
    for start in range(0, height, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, height))
        share = weight[rows, np.newaxis]
        numbers = (1 - share) * columns[lower[rows]] + share * columns[upper[rows]]
        yield rows, np.clip(numbers, smallest, largest).astype(np.float32)


def _neighbors(
    count: int, target: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Say between which numbers of an axis, with a 0 before and after, each result lies."""
    place = (np.arange(target) + 0.5) * count / target - 0.5
    lower = np.floor(place)
    return lower.astype(np.intp) + 1, np.ceil(place).astype(np.intp) + 1, place - lower
