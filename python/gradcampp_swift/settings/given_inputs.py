"""Values of a network's inputs that take no pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arguments import check_name
from ..errors import InvalidArgumentError, WrongTypeError


class GivenInput(NamedTuple):
    """An input's name and value, which compares, hashes and pickles."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes

    def array(self) -> npt.NDArray[Any]:
        """Make the array again."""
        return np.frombuffer(self.data, self.dtype).reshape(self.shape)

    def sha256(self) -> str:
        """Hash all but the name."""
        import hashlib

        return hashlib.sha256(repr(self[1:3]).encode() + self.data).hexdigest()


def given_inputs(inputs: object) -> tuple[GivenInput, ...]:
    """Take the argument `inputs` of `load`, or what became of it before."""
    if inputs is None:
        return ()
    if isinstance(inputs, tuple) and all(isinstance(each, GivenInput) for each in inputs):
        return inputs
    if not isinstance(inputs, Mapping):
        raise WrongTypeError(
            f"inputs is of type {type(inputs).__name__}, expected a mapping from names to arrays"
        )
    return tuple(_given(check_name(name, "inputs"), inputs[name]) for name in sorted(inputs))


def _given(name: str, value: object) -> GivenInput:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise WrongTypeError(f"inputs[{name!r}] holds {array.dtype}, expected numbers")
    if not 1 <= array.ndim <= 4:
        raise InvalidArgumentError(f"inputs[{name!r}] has {array.ndim} axes, expected 1 to 4")
    wanted = np.float32 if array.dtype.kind == "f" else np.int64
    found = np.ascontiguousarray(array.astype(wanted))
    return GivenInput(name, found.dtype.str, found.shape, found.tobytes())
