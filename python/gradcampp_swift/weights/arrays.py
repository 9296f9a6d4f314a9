"""Weights as arrays: those that a caller gives, and those that a model has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_name, check_unmasked
from ..errors import InvalidArgumentError, WrongTypeError

_ENTRY = "expected [weights, biases]"


class NetworkWeights(dict[str, Any]):
    """A network's arrays, and what must be said beside them for the same network to be made again.

    `gradcampp_swift.load` takes them as any mapping: what it is not told is what the network had.

    Parameters
    ----------
    arrays
        From a layer's name to [weights, biases], then from the names of other arrays to these.
    remarks
        Arguments of the extension's opening functions.
    """

    def __init__(self, arrays: Mapping[str, Any], remarks: Mapping[str, Any]) -> None:
        super().__init__(arrays)
        self.remarks = dict(remarks)

    @property
    def layers(self) -> dict[str, list[npt.NDArray[np.float32]]]:
        """The layers, in the order of the network, with [weights, biases] each."""
        return {name: entry for name, entry in self.items() if isinstance(entry, list)}

    def replaced(self, layers: Mapping[str, list[npt.NDArray[np.floating[Any]]]]) -> NetworkWeights:
        """Make the same network with other numbers in some layers."""
        return NetworkWeights({**self, **layers}, self.remarks)


def weights_of(core: _core.Model) -> NetworkWeights:
    """List a model's weights, whatever the file they came from.

    Parameters
    ----------
    core
        The library's model.

    Returns
    -------
    NetworkWeights
        As `gradcampp_swift.load` takes them, in the order of the network: float32, read-only,
        (height, width, inputs, outputs) and (inputs, outputs). Arrays that lie in a mapped file
        are copied.
    """
    arrays = dict(core.array(index) for index in range(core.array_count))
    found: dict[str, Any] = {}
    for name, array in arrays.items():
        layer, _, kind = name.rpartition("/")
        if kind == "weights":
            found[layer] = [array, arrays[f"{layer}/biases"]]
        elif kind != "biases":
            found[name] = array
    remarks = {
        "preprocessing": core.preprocessing,
        "input_size": core.input_shape[:2],
        "activation": core.activation,
        "configuration": core.configuration,
    }
    return NetworkWeights(found, remarks)


def named_arrays(weights: Mapping[Any, Any]) -> list[tuple[str, npt.NDArray[np.floating[Any]]]]:
    """List a mapping's arrays under the library's names, `conv1_1/weights` and so on.

    Parameters
    ----------
    weights
        From a layer's name to [weights, biases]: a list, a tuple, an object array of two, or a
        mapping with these two keys. Keys may be bytes, as NumPy's files of Python 2 have them.

        Or from an array's name, in this library's spelling or another program's, to the array
        or a PyTorch tensor. Counts of training steps, which a network does without, are left
        out.

    Returns
    -------
    list of (str, array)
        C-contiguous, aligned arrays in native byte order: the very arrays where they are that.
    """
    pairs = []
    entries = [(_text(key), entry) for key, entry in weights.items()]
    # A layer has no such mark in its name, and one array would be half of it.
    is_by_array = any(_is_array(entry) for name, entry in entries if _is_marked(name))
    for layer, entry in entries:
        if layer.endswith(".num_batches_tracked"):
            continue
        if is_by_array and _is_array(entry):
            pairs.append((layer, _floats(_as_numpy(entry, layer), f"{layer}: the weights")))
            continue
        for kind, array in _kinds(layer, entry):
            pairs.append((f"{layer}/{kind}", _floats(array, f"{layer}: {kind}")))
    return pairs


def _is_marked(name: str) -> bool:
    return "." in name or "/" in name


def _text(key: object) -> str:
    if isinstance(key, bytes):
        key = key.decode("utf-8", "backslashreplace")
    return check_name(key, "a key of the weights")


def _is_array(entry: object) -> bool:
    """Whether an entry is one array, of NumPy or another library."""
    if isinstance(entry, np.ndarray):
        return bool(entry.dtype != object)
    return not isinstance(entry, (list, tuple, Mapping)) and hasattr(entry, "__array__")


def _as_numpy(entry: Any, name: str) -> object:
    """Turn a tensor into an array, without importing its library; arrays stay as they are."""
    if isinstance(entry, np.ndarray):
        return entry
    try:
        for step in ("detach", "cpu"):
            entry = getattr(entry, step, lambda entry=entry: entry)()
        if str(getattr(entry, "dtype", "")) == "torch.bfloat16":  # which NumPy does not have
            entry = entry.float()
        return np.asarray(entry)
    except (TypeError, ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise WrongTypeError(f"{name} cannot be made a NumPy array: {reason}") from None


def _kinds(layer: str, entry: object) -> list[tuple[str, object]]:
    """Split a layer's entry into its weights and its biases."""
    if isinstance(entry, Mapping):
        kinds = {_text(key): value for key, value in entry.items()}
        if set(kinds) != {"weights", "biases"}:
            raise InvalidArgumentError(
                f"{layer}: keys {sorted(kinds)}, expected 'weights' and 'biases'"
            )
        return list(kinds.items())
    if isinstance(entry, np.ndarray) and entry.dtype == object and entry.ndim == 1:
        entry = list(entry)
    if not isinstance(entry, (list, tuple)):
        raise WrongTypeError(f"{layer}: a value of type {type(entry).__name__}, {_ENTRY}")
    if len(entry) != 2:
        raise InvalidArgumentError(f"{layer}: {len(entry)} values, {_ENTRY}")
    return [("weights", entry[0]), ("biases", entry[1])]


def _floats(array: object, name: str) -> npt.NDArray[np.floating[Any]]:
    """Check one array, and copy it where its layout or byte order is not what the library reads."""
    check_unmasked(array, name)
    if not isinstance(array, np.ndarray):
        raise WrongTypeError(f"{name} are of type {type(array).__name__}, expected a NumPy array")
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        raise WrongTypeError(f"{name} are of {array.dtype}, expected float32, float16 or float64")
    if not 1 <= array.ndim <= 4:
        raise InvalidArgumentError(f"{name} have {array.ndim} dimensions, expected 1 to 4")
    # float32 as it is where it can be borrowed: contiguous, aligned, native, and no subclass.
    return np.require(array, array.dtype.newbyteorder("="), ["C", "A", "E"])
