"""The kinds of pictures that can be drawn of an explanation and saved."""

from __future__ import annotations

from ..errors import InvalidArgumentError
from ..pictures.saving import check_suffix

KINDS = ("overlay", "heatmap", "guided", "panels", "figure")
"""What `Explanation.save` can draw."""


def check_kind(kind: str, path: str) -> None:
    """Refuse, before anything is computed, what `Explanation.save` could not save.

    Parameters
    ----------
    kind
        What its argument `what` says.
    path
        The file that would be written.

    Raises
    ------
    InvalidArgumentError
        There is no such kind, the path's suffix names no format, or it is .npy, which holds no
        picture.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidArgumentError(f"what is {kind!r}, expected one of {', '.join(KINDS)}")
    if check_suffix(path) == ".npy" and kind not in ("overlay", "heatmap"):
        raise InvalidArgumentError(f"{path}: .npy holds the heat map's numbers, not {kind!r}")
