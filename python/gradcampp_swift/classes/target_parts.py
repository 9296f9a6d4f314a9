"""What targets consist of, checked as far as it can be without a network."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Hashable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arguments import check_unmasked
from ..errors import InvalidArgumentError, WrongTypeError
from .predictions import Prediction

Class: TypeAlias = "int | np.integer[Any] | str | Prediction"
"""A class index, a label name, or a Prediction, which means its class."""

_MOST_SHOWN = 8


class Parts(NamedTuple):
    """What a target consists of, in the vocabulary of the library's `gcpp_target`."""

    classes: tuple[int | str, ...]
    """Those that it is for."""
    others: tuple[int | str, ...] = ()
    """Those that it is against."""
    weights: npt.NDArray[np.float32] | None = None
    """Numbers for elements or cells of the output."""

    def key(self) -> Hashable:
        """Say it in a form that compares and hashes."""
        weights = self.weights
        numbers = None if weights is None else (weights.shape, weights.tobytes())
        return self.classes, self.others, numbers

    def record(self, kind: str) -> dict[str, Any]:
        """Say it in JSON, numbers by their hash."""
        record: dict[str, Any] = {"kind": kind, "classes": list(self.classes)}
        if self.others:
            record["others"] = list(self.others)
        if self.weights is not None:
            import hashlib

            record["shape"] = list(self.weights.shape)
            record["sha256"] = hashlib.sha256(self.weights.tobytes()).hexdigest()
        return record


def checked_class(given: object) -> int | str:
    """Bring a class to an index or a name; which ones there are is the network's to say."""
    if isinstance(given, Prediction):
        return given.index
    if isinstance(given, str):
        return str(given)
    if not isinstance(given, (bool, np.bool_)):
        with contextlib.suppress(TypeError):
            return operator.index(given)  # type: ignore[arg-type]
    raise WrongTypeError(
        f"target is {given!r}, expected a class index, a label name, a Prediction, a value of "
        "gradcampp_swift.targets, None or a list of those"
    )


def checked_weights(given: npt.ArrayLike, name: str) -> npt.NDArray[np.float32]:
    """Copy finite real numbers, not all 0, as a read-only float32 array."""
    check_unmasked(given, name)
    try:
        array = np.asarray(given)
    except ValueError:  # rows of several lengths
        raise WrongTypeError(f"{name} are no array of numbers") from None
    if array.dtype.kind not in "fiub" or not array.ndim:
        raise WrongTypeError(
            f"{name} are of {array.dtype} and {array.ndim} axes, expected an array of real numbers"
        )
    with np.errstate(over="ignore"):  # infinity is refused below
        copy = np.array(array, np.float32, order="C")
    if not np.isfinite(copy).all() or not copy.any():
        raise InvalidArgumentError(
            f"{name} hold NaN or infinity, or are all 0 (as float32), expected finite numbers"
        )
    copy.flags.writeable = False
    return copy


def shown(weights: npt.NDArray[np.float32] | None) -> str:
    """Write weights, or how many there are."""
    if weights is None or weights.size > _MOST_SHOWN:
        return f"<float32 {() if weights is None else weights.shape}>"
    return repr(weights.tolist())
