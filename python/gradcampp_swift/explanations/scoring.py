"""Scores of many pictures that are not files: prepared ones, and one seen through masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_unmasked
from ..classes.choosing import choose, resolve
from ..classes.class_names import ClassNames
from ..errors import InvalidArgumentError, WrongTypeError


class Scorer:
    """Scores targets of a network; `Model.score` documents them.

    Parameters
    ----------
    core, names
        The network and the names of its classes.
    target
        One target or a sequence of them, none of which depends on the picture.
    """

    def __init__(self, core: _core.Model, names: ClassNames, target: object) -> None:
        chosen = choose(list(target) if isinstance(target, range) else target, names)
        if chosen.top or None in chosen.targets:
            raise InvalidArgumentError(
                f"target is {target!r}, which may be another class for each picture; name what is "
                "to be scored"
            )
        self._core = core
        self._is_list = chosen.is_list
        self._targets = [
            resolve(each, names, core.output_shape) for each in chosen.targets if each is not None
        ]

    def prepared(self, pictures: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Score prepared pictures."""
        height, width, _ = self._core.input_shape
        wanted = (height, width, 3)
        array = checked_share(pictures, "pictures", "n, height, width, 3", wanted)
        self._core.verify()
        return self._shaped(self._core.score(array, self._targets))

    def masked(
        self, image: _core.Image, masks: npt.ArrayLike, background: npt.ArrayLike | None
    ) -> npt.NDArray[np.float64]:
        """Score a picture seen through masks."""
        height, width, _ = self._core.input_shape
        array = checked_share(masks, "masks", "n, height, width", (height, width))
        behind = None
        if background is not None:
            behind = checked_share(
                [background], "background", "height, width, 3", (height, width, 3)
            )
        self._core.verify()
        found = self._core.score_masks(
            image, array, None if behind is None else behind[0], self._targets
        )
        return self._shaped(found)

    def _shaped(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return scores if self._is_list else scores[:, 0]


def checked_share(
    values: Any, name: str, axes: str, shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """Bring numbers in [0, 1] to contiguous float32 (n, *shape)."""
    check_unmasked(values, name)
    try:
        array = np.asarray(values)
    except ValueError:  # rows of several lengths
        raise WrongTypeError(f"{name} are no array") from None
    if array.dtype.kind not in "fb":
        raise WrongTypeError(f"{name} are of {array.dtype}, expected floats in [0, 1]")
    if array.ndim != len(shape) + 1 or array.shape[1:] != shape:
        expected = ", ".join(map(str, shape))
        found = array.shape[1:] if "n, " not in axes else array.shape
        raise InvalidArgumentError(
            f"{name} have shape {found}, expected ({axes}) with the network's input size, "
            f"({expected})"
        )
    if array.size:
        low, high = array.min(), array.max()
        if not (low >= 0 and high <= 1):  # NaN fails both
            raise InvalidArgumentError(
                f"{name} hold values from {low:g} to {high:g}, expected [0, 1]"
            )
    return np.require(array, np.float32, ["C", "A", "E"])
