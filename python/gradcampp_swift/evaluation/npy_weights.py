"""Arrays of a weight file like vgg16.npy, read without executing anything.

The file holds a pickled mapping. Unpickling calls what the file names, so here every name stands
for an inert object: the few that NumPy's arrays need give descriptions of arrays, from which
arrays are made afterwards, and any other name is refused.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import BadDataError
from ..files import refusal_to_read


def read_weights(path: str) -> dict[str, list[npt.NDArray[np.floating[Any]]]]:
    """Read a weight file as {layer: [weights, biases]}.

    Raises
    ------
    MissingFileError, FileAccessError
        It cannot be read.
    BadDataError
        It is not a pickled mapping of arrays in NumPy's format, or names anything else.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise refusal_to_read(path, error) from None
    try:
        found = _unpickled(data)
        return {_text(name): [_floats(item) for item in _pair(found[name])] for name in found}
    except _RefusalError as error:
        reason = str(error)
    except Exception:  # whatever broken pickles lead to
        reason = "the pickle is broken"
    raise BadDataError(f"{path}: its arrays cannot be read for randomisation: {reason}")


class _RefusalError(Exception):
    """Why a file is not read."""


class _Description:
    """What the file says of an array or of its element type."""

    __slots__ = ("arguments", "state")

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class _Name:
    """What a name in the file stands for: nothing but a description, or encoded text."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *arguments: Any) -> Any:
        if self._name == "encode":
            text, encoding = arguments
            if not isinstance(text, str) or encoding != "latin1":
                raise _RefusalError("it encodes text in an unknown way")
            return text.encode("latin1")
        if self._name == "ndarray":
            raise _RefusalError("it makes an array in an unknown way")
        return _Description(arguments)

    def __setstate__(self, state: Any) -> None:
        raise _RefusalError("it changes a function")


_NAMES = {
    ("numpy.core.multiarray", "_reconstruct"): "_reconstruct",
    ("numpy._core.multiarray", "_reconstruct"): "_reconstruct",
    ("numpy", "ndarray"): "ndarray",
    ("numpy", "dtype"): "dtype",
    ("_codecs", "encode"): "encode",
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        known = _NAMES.get((module, name))
        if known is None:
            raise _RefusalError(f"it names {module}.{name}")
        return _Name(known)

    def persistent_load(self, identity: Any) -> Any:
        raise _RefusalError("it refers to something outside")


def _unpickled(data: bytes) -> Mapping[Any, Any]:
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, dtype = read(file)
    except (ValueError, KeyError):
        raise _RefusalError("it is not in NumPy's format") from None
    if dtype != np.dtype(object) or shape not in ((), (1,)):
        raise _RefusalError("it holds no pickled mapping")
    found = _Unpickler(file, encoding="latin1").load()
    if isinstance(found, _Description):
        found = _values(found, shape)[0]
    if not isinstance(found, dict):
        raise _RefusalError("it holds no pickled mapping")
    return found


def _values(description: _Description, shape: tuple[int, ...]) -> list[Any]:
    """List the values of an array of objects."""
    _, found, dtype, _, values = description.state
    if dtype.arguments[0] not in ("O8", "O4", "O") or found != shape or type(values) is not list:
        raise _RefusalError("it holds an array of an unknown kind")
    return values


def _pair(entry: Any) -> list[Any]:
    """List weights and biases of one layer."""
    if isinstance(entry, dict):
        entries = {_text(key): value for key, value in entry.items()}
        return [entries["weights"], entries["biases"]]
    if isinstance(entry, _Description):
        entry = _values(entry, (2,))
    weights, biases = entry
    return [weights, biases]


def _floats(description: Any) -> npt.NDArray[np.floating[Any]]:
    """Make an array of its description."""
    if not isinstance(description, _Description) or not isinstance(description.state, tuple):
        raise _RefusalError("an entry is not an array")
    _, shape, dtype, is_fortran, data = description.state
    order = dtype.state[1] if dtype.state else "="
    kind = dtype.arguments[0]
    if kind not in ("f2", "f4", "f8") or order not in ("<", ">", "="):
        raise _RefusalError("an array is not of float16, float32 or float64")
    if isinstance(data, str):  # of Python 2
        data = data.encode("latin1")
    values = np.frombuffer(data, np.dtype(order + kind))
    return values.reshape(shape, order="F" if is_fortran else "C")


def _text(name: Any) -> str:
    if isinstance(name, bytes):
        name = name.decode("utf-8")
    if not isinstance(name, str):
        raise _RefusalError("a key is not a name")
    return name
