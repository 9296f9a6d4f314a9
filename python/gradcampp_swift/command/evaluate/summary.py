"""The table at the end: means with their intervals, and wins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ...metrics import Column, Interval, mean_interval, paired_difference, win_percent
from .measuring import Row

Values = npt.NDArray[np.float64]


def summary(
    header: Sequence[str],
    rows: Sequence[Row],
    columns: Sequence[Column],
    methods: Sequence[str],
    seed: int,
) -> str:
    """Write the table.

    Parameters
    ----------
    header, rows
        As in the CSV file, one row or more.
    columns
        The metrics' columns.
    methods
        A row of each for every picture, in this order.
    seed
        Of the bootstrap.

    Returns
    -------
    str
        A line for each metric with its mean and 95 % interval for each method (and, of exactly
        two methods, for the difference of the first and the second), and the number of pictures
        where it is defined; then Win % for each pair of methods.
    """
    pair = len(methods) == 2
    lines = [["mean [95 % interval]", *methods, *(["difference"] if pair else []), "pictures"]]
    for column in columns:
        cells = [_values(header, rows, column, method) for method in methods]
        if not cells[0].size:
            continue
        shown = [_shown(mean_interval(values, seed=seed), column) for values in cells]
        if pair:
            shown.append(_shown(paired_difference(cells[0], cells[1], seed=seed), column))
        lines.append([column.title, *shown, str(cells[0].size)])
    text = _aligned(lines)
    drop = next((column for column in columns if column.name == "drop"), None)
    if drop is not None and len(methods) > 1:
        drops = {method: _values(header, rows, drop, method) for method in methods}
        text += "\n\n" + _wins(drops, seed)
    return text


def _values(header: Sequence[str], rows: Sequence[Row], column: Column, method: str) -> Values:
    """List a column's numbers for one method, as the summary shows them."""
    at = list(header).index(column.name)
    found = [float(row[at]) for row in rows if row[1] == method and row[at]]
    return np.array(found) * column.scale


def _shown(found: Interval, column: Column) -> str:
    mean, low, high = (f"{number:.{column.decimals}f}" for number in found)
    return f"{mean} [{low}, {high}]"


def _wins(drops: dict[str, Values], seed: int) -> str:
    """For each pair of methods: whose drop is smaller how often."""
    lines = [["Win % [95 % interval]", "first", "second", "ties"]]
    for first, second in combinations(drops, 2):
        one, other = drops[first], drops[second]
        shares = win_percent(one, other)
        found = [
            mean_interval(100.0 * won, seed=seed)._replace(mean=share)
            for won, share in zip((one < other, other < one, one == other), shares, strict=True)
        ]
        column = Column("", "", "", decimals=1)
        lines.append([f"{first} against {second}", *(_shown(item, column) for item in found)])
    return _aligned(lines)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
