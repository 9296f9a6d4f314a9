"""Writing a network's weights, under this library's names, as files that `load` reads."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import BadDataError, InvalidArgumentError
from ..files import write_whole
from ..settings.preprocessing import CAFFE, Preprocessing

SUFFIXES = (".npy", ".safetensors")

Layers: TypeAlias = "Mapping[str, list[npt.NDArray[Any]]]"
"""From a layer's name to [weights, biases]."""


def write_weights(
    path: str, weights: Layers, preprocessing: Preprocessing, *, float16: bool = False
) -> None:
    """Write a network's weights wholly or not at all.

    Parameters
    ----------
    path
        Ends with `.npy`, for the layout of `vgg16.npy`, or with `.safetensors`, which carries the
        preprocessing.
    weights
        As `weights_of` lists them.
    preprocessing
        What the network wants.
    float16
        Whether to halve the file, and the precision.

    Raises
    ------
    InvalidArgumentError
        The path has another suffix, or is `.npy` and the preprocessing cannot be that of
        `vgg16.npy`.
    BadDataError
        A weight is not finite, or float16 cannot hold it.
    FileAccessError
        The file cannot be written.
    """
    suffix = check_weights_suffix(path)
    layers = dict(weights)
    if suffix == ".npy":
        kernel, biases = layers["conv1_1"]
        layers["conv1_1"] = [_folded(kernel, preprocessing, path), biases]
    for name, arrays in layers.items():
        for array in arrays:
            if not np.isfinite(array).all():
                raise BadDataError(f"{name} holds NaN or infinity; finite numbers are expected")
        if float16:
            layers[name] = [_halved(name, array) for array in arrays]
    if suffix == ".npy":
        content = np.array(layers, dtype=object)
        write_whole(path, lambda file: np.save(file, content, allow_pickle=True))
    else:
        write_whole(path, lambda file: _write_safetensors(file, layers, preprocessing))


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


def _write_safetensors(file: BinaryIO, layers: Layers, preprocessing: Preprocessing) -> None:
    """Write the header, padded to 8 bytes, and the arrays one behind the other."""
    header: dict[str, Any] = {
        "__metadata__": {
            "gradcampp.channel_order": preprocessing.channel_order,
            "gradcampp.scale": repr(preprocessing.scale),
            "gradcampp.mean": " ".join(map(repr, preprocessing.mean)),
            "gradcampp.std": " ".join(map(repr, preprocessing.std)),
        }
    }
    arrays = {
        f"{name}/{kind}": array
        for name, pair in layers.items()
        for kind, array in zip(("weights", "biases"), pair, strict=True)
    }
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
