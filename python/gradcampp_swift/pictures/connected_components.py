"""Connected components of a binary picture.

Row by row, what is true falls into runs of pixels; two runs of neighbouring rows belong together
if they touch, corners included. Joining runs instead of pixels keeps the loop short: a map of
224x224 has some hundreds of runs.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .geometry import Box

_Run: TypeAlias = tuple[int, int, int, int]
"""Row, first column, column after the last, number of the component."""


def components(binary: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], int]:
    """Label the connected components, pixels that touch by a side or a corner.

    Parameters
    ----------
    binary
        bool (height, width).

    Returns
    -------
    labels
        intp (height, width): 0 where `binary` is false, else 1 to the number of components, in
        the order in which their first pixels come row by row.
    int
        The number of components.

    Examples
    --------
    >>> import numpy as np
    >>> labels, count = components(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [1, 0, 1]]) == 1)
    >>> labels
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 0, 0],
           [2, 0, 3]])
    >>> count
    3
    """
    runs, count = _numbered_runs(binary)
    labels = np.zeros(binary.shape, np.intp)
    for row, start, end, number in runs:
        labels[row, start:end] = number
    return labels, count


def largest_box(binary: npt.NDArray[np.bool_]) -> Box | None:
    """Find the bounding box of the largest component, the first of several; None for none.

    Examples
    --------
    >>> import numpy as np
    >>> largest_box(np.array([[1, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]]) == 1)
    (2, 1, 4, 3)
    """
    labels, count = components(binary)
    if not count:
        return None
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    rows, columns = np.nonzero(labels == 1 + int(np.argmax(sizes[1:])))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def boxes_by_mass(binary: npt.NDArray[np.bool_], values: npt.NDArray[Any]) -> list[Box]:
    """List the components' bounding boxes, the one with the largest sum of values first.

    Parameters
    ----------
    binary
        bool (height, width).
    values
        Numbers of the same shape.

    Returns
    -------
    list of (x0, y0, x1, y1)
        Half-open; of equal sums that one first whose first pixel comes first, row by row.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.array([[1, 0, 0, 2], [1, 0, 0, 2]])
    >>> boxes_by_mass(values > 0, values)
    [(3, 0, 4, 2), (0, 0, 1, 2)]
    """
    runs, count = _numbered_runs(binary)
    masses = np.zeros(count)
    boxes: dict[int, Box] = {}
    for row, start, end, number in runs:
        masses[number - 1] += values[row, start:end].sum(dtype=np.float64)
        x0, y0, x1, _ = boxes.get(number, (start, row, end, row))
        boxes[number] = min(x0, start), y0, max(x1, end), row + 1  # rows come in order
    return [boxes[1 + int(place)] for place in np.argsort(-masses, kind="stable")]


def _numbered_runs(binary: npt.NDArray[np.bool_]) -> tuple[list[_Run], int]:
    """List the runs row by row, each with the number of its component, and count those."""
    rows, starts, ends = _runs(binary)
    parents = list(range(len(rows)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    above = 0  # the first run that may touch the current one or a later one
    for run, (row, start, end) in enumerate(zip(rows, starts, ends, strict=True)):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < start):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] <= end:
            first, second = sorted((root(run), root(other)))
            parents[second] = first  # the smaller is the earlier
            other += 1
    numbers: dict[int, int] = {}
    found = [numbers.setdefault(root(run), len(numbers) + 1) for run in range(len(rows))]
    return list(zip(rows, starts, ends, found, strict=True)), len(numbers)


def _runs(binary: npt.NDArray[np.bool_]) -> tuple[list[int], list[int], list[int]]:
    """List row, first column and column after the last of each run, row by row."""
    height, width = binary.shape
    padded = np.zeros((height, width + 2), np.bool_)
    padded[:, 1:-1] = binary
    # Starts and ends take turns, since each row begins and ends outside.
    changes = np.flatnonzero(padded[:, 1:] != padded[:, :-1])
    rows, columns = np.divmod(changes, width + 1)
    return rows[::2].tolist(), columns[::2].tolist(), columns[1::2].tolist()
