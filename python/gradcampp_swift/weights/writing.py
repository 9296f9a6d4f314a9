"""Writing a network's weights, under this library's names, as files that `load` reads."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import _core
from ..errors import BadDataError, GradCAMError, InvalidArgumentError
from ..files import write_whole
from ..settings.preprocessing import CAFFE, Preprocessing
from .arrays import NetworkWeights, named_arrays

SUFFIXES = (".npy", ".safetensors")

Arrays: TypeAlias = "Mapping[str, npt.NDArray[Any]]"


def write_weights(path: str, weights: NetworkWeights, *, float16: bool = False) -> None:
    """Write a network's weights, and what is said beside them, wholly or not at all.

    Parameters
    ----------
    path
        Ends with `.npy`, for the layout of `vgg16.npy`, or with `.safetensors`, which carries all
        that the network needs beside its weights.
    weights
        As `weights_of` lists them.
    float16
        Whether to halve the file, and the precision.

    Raises
    ------
    InvalidArgumentError
        The path has another suffix, or is `.npy` and the network is another one without what
        would be said beside its weights, or its preprocessing cannot be that of `vgg16.npy`.
    BadDataError
        A weight is not finite, or float16 cannot hold it.
    FileAccessError
        The file cannot be written.
    """
    suffix = check_weights_suffix(path)
    arrays = dict(named_arrays(weights))
    if suffix == ".npy":
        _check_names_suffice(path, weights)
        kernel = arrays["conv1_1/weights"]
        preprocessing = Preprocessing(*weights.remarks["preprocessing"])
        arrays["conv1_1/weights"] = _folded(kernel, preprocessing, path)
    for name, array in arrays.items():
        layer = name.rpartition("/")[0]
        if not np.isfinite(array).all():
            raise BadDataError(f"{layer} holds NaN or infinity; finite numbers are expected")
        if float16:
            arrays[name] = _halved(layer, array)
    if suffix == ".npy":
        layers = {name: [arrays[f"{name}/weights"], arrays[f"{name}/biases"]] for name in weights}
        content = np.array(layers, dtype=object)
        write_whole(path, lambda file: np.save(file, content, allow_pickle=True))
    else:
        write_whole(path, lambda file: _write_safetensors(file, arrays, weights.remarks))


def check_weights_suffix(path: str) -> str:
    """Return the suffix of `path` in lower case if weights can be written there."""
    for suffix in SUFFIXES:
        if path.lower().endswith(suffix):
            return suffix
    raise InvalidArgumentError(f"{path} ends with neither .npy nor .safetensors")


def _halved(name: str, array: npt.NDArray[Any]) -> npt.NDArray[np.float16]:
    largest = float(np.finfo(np.float16).max)
    found = float(np.abs(array).max(initial=0))
    if found > largest:
        raise BadDataError(f"{name} holds {found:g}; float16 ends at {largest:g}")
    return array.astype(np.float16)


# ---- .npy ----------------------------------------------------------------------------------


def _check_names_suffice(path: str, weights: NetworkWeights) -> None:
    """Refuse a network that is another one, or none, without what is said beside its weights."""
    pairs = named_arrays(weights)
    preprocessing = weights.remarks["preprocessing"]
    whole = _core.model_open_arrays(pairs, **weights.remarks)
    try:
        alone = _core.model_open_arrays(pairs, preprocessing=preprocessing)
    except GradCAMError:
        alone = None
    if alone is None or not _answer_alike(whole, alone):
        raise InvalidArgumentError(
            f"{path}: the layout of vgg16.npy cannot say what this network is, since its layers, "
            "input size or probabilities are not those that its weights' names tell; end the name "
            "with .safetensors, which carries them"
        )


def _answer_alike(one: _core.Model, other: _core.Model) -> bool:
    """Whether two networks of the same weights give the same logits for a picture of noise."""
    if (one.input_shape, one.activation) != (other.input_shape, other.activation):
        return False
    if one.class_count != other.class_count:
        return False
    picture = np.random.default_rng(0).random((1, *one.input_shape), np.float32)
    classes = range(one.class_count)
    return np.allclose(
        one.score(picture, classes), other.score(picture, classes), rtol=1e-5, atol=1e-5
    )


def _folded(
    weights: npt.NDArray[Any], preprocessing: Preprocessing, path: str
) -> npt.NDArray[np.float32]:
    """Fold scale, deviation and channel order into the first convolution (3, 3, inputs, outputs).

    A mean cannot be folded: the padding around the picture is zeros after the mean is taken off,
    so that another mean is another colour there. Means must be the same colour.
    """
    if preprocessing == CAFFE:
        return weights
    reverse = preprocessing.channel_order != CAFFE.channel_order
    step = -1 if reverse else 1
    means = [mean / preprocessing.scale for mean in preprocessing.mean][::step]
    if not np.allclose(means, CAFFE.mean, rtol=1e-12, atol=1e-9):
        known, found = (", ".join(f"{mean:g}" for mean in each) for each in (CAFFE.mean, means))
        raise InvalidArgumentError(
            f"{path}: a .npy file is taken to want {CAFFE.channel_order} less the mean ({known}), "
            f"and these weights want the mean ({found}); end the name with .safetensors, which "
            "carries the preprocessing"
        )
    factors = preprocessing.scale / np.array(preprocessing.std)
    scaled = weights.astype(np.float64) * factors[:, np.newaxis]
    return np.ascontiguousarray(scaled[:, :, ::step], dtype=np.float32)


# ---- .safetensors --------------------------------------------------------------------------


def _write_safetensors(file: BinaryIO, arrays: Arrays, remarks: Mapping[str, Any]) -> None:
    """Write the header, padded to 8 bytes, and the arrays one behind the other."""
    header: dict[str, Any] = {"__metadata__": _metadata(remarks)}
    place = 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": f"F{array.dtype.itemsize * 8}",
            "shape": list(array.shape),
            "data_offsets": [place, place + array.nbytes],
        }
        place += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for array in arrays.values():
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        file.write(little.reshape(-1).view(np.uint8).data)


def _metadata(remarks: Mapping[str, Any]) -> dict[str, str]:
    """Say in texts what the core reads beside the weights."""
    order, scale, mean, deviation = remarks["preprocessing"]
    said = {
        "channel_order": order,
        "scale": repr(scale),
        "mean": " ".join(map(repr, mean)),
        "std": " ".join(map(repr, deviation)),
        "input_size": " ".join(map(repr, remarks["input_size"])),
        "activation": remarks["activation"],
        "configuration": remarks["configuration"],
    }
    return {f"gradcampp.{name}": text for name, text in said.items() if text is not None}
