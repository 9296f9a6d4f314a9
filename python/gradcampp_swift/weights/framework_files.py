"""Weight files of other programs, read by their own packages into arrays.

Names and layouts stay those of the file: the library knows what they mean.
"""

from __future__ import annotations

import importlib
import os
import re
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import BadDataError, GradCAMError, MissingPackageError, one_line
from .arrays import named_arrays

Arrays: TypeAlias = "list[tuple[str, npt.NDArray[np.floating[Any]]]]"

# The names in Davi Frossard's vgg16_weights.npz, whose colours no name tells.
_FROSSARD = re.compile(r"(conv\d_\d|fc\d)_[Wb]")

# Something compressed may claim any size.
_MOST_EXPANSION = 16


class FrameworkFile(NamedTuple):
    """What a file of another program holds."""

    arrays: Arrays

    configuration: str | None = None
    """Keras's description of the network, in JSON; None where the file has none."""


def _refusal(path: str, error: BaseException, expected: str) -> BadDataError:
    reason = str(error).strip().partition("\n")[0].rstrip(". ") or type(error).__name__
    return BadDataError(one_line(f"{path}: {reason[:300]}; expected {expected}"))


def _check_expansion(path: str, size: int) -> None:
    if size > _MOST_EXPANSION * os.path.getsize(path):
        raise BadDataError(
            f"{path}: its arrays take more than {_MOST_EXPANSION} times the file's size; expected "
            "weights that fill it"
        )


def read_hdf5(path: str) -> FrameworkFile:
    """Read an HDF5 file of Keras.

    Raises
    ------
    MissingPackageError
        The package that reads the file is not installed.
    BadDataError
        The package refuses the file, or it holds something other than arrays.
    """
    return _keras(path, path)


def read_zip(path: str) -> FrameworkFile | None:
    """Read a ZIP file of Keras or NumPy's `savez`; None for any other.

    Raises
    ------
    MissingPackageError, BadDataError
        As of `read_hdf5`.
    """
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            is_npz = bool(names) and all(name.endswith(".npy") for name in names)
            if not is_npz and "model.weights.h5" not in names:
                return None
            _check_expansion(path, sum(item.file_size for item in archive.infolist()))
            if not is_npz:
                configuration = None
                if "config.json" in names:
                    configuration = _text(path, archive.read("config.json"))
                with archive.open("model.weights.h5") as file:
                    return _keras(path, file)._replace(configuration=configuration)
    except zipfile.BadZipFile:
        return None
    except (OSError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, GradCAMError):
            raise
        raise _refusal(path, error, "a whole ZIP archive, as Keras and NumPy write") from None
    return FrameworkFile(_npz(path))


def _npz(path: str) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as archive:
            if archive.files and all(_FROSSARD.fullmatch(name) for name in archive.files):
                raise BadDataError(
                    f"{path} names its arrays conv1_1_W and conv1_1_b, as Davi Frossard's VGG16 "
                    "does, which was made for RGB and not for the colours that these layers have "
                    "elsewhere: load a mapping {'conv1_1': [W, b], ...} of them with preprocessing="
                    "gcpp.Preprocessing('RGB', 1, (123.68, 116.779, 103.939))"
                )
            return named_arrays({name: archive[name] for name in archive.files})
    except GradCAMError:
        raise
    except Exception as error:
        raise _refusal(path, error, "arrays of numbers") from None


# ---- Keras ---------------------------------------------------------------------------------


def _keras(path: str, file: Any) -> FrameworkFile:
    try:
        h5py = importlib.import_module("h5py")
    except ImportError:
        raise MissingPackageError(
            f"{path} is an HDF5 file of Keras, which h5py reads: install h5py (pip install h5py)"
        ) from None
    try:
        with h5py.File(file, "r") as tree:
            _refuse_theano(path, tree.attrs.get("backend"))
            configuration = tree.attrs.get("model_config")
            if isinstance(configuration, bytes):
                configuration = _text(path, configuration)
            if not isinstance(configuration, str):
                configuration = None
            return FrameworkFile(_datasets(path, tree, h5py.Dataset), configuration)
    except GradCAMError:
        raise
    except Exception as error:
        raise _refusal(path, error, "an HDF5 file that Keras wrote") from None


def _refuse_theano(path: str, backend: Any) -> None:
    """Refuse kernels that are turned by 180 degrees, which only a name or an attribute tells."""
    if isinstance(backend, bytes):
        backend = backend.decode("latin-1")
    if backend == "theano" or "th_kernels" in os.path.basename(path):
        raise BadDataError(
            f"{path} holds kernels as Theano has them, turned by 180 degrees: load the file whose "
            "name ends in tf_kernels, or convert it with Keras"
        )


def _text(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadDataError(f"{path}: its configuration is not UTF-8 text") from None


def _datasets(path: str, tree: Any, dataset_type: type) -> Arrays:
    """Read every dataset but those of the optimiser and of random generators."""
    found: list[tuple[str, Any]] = []

    # Links, which may lead to other files, are not followed.
    def visit(name: str, item: Any) -> None:
        parts = name.split("/")
        if not isinstance(item, dataset_type) or parts[0].startswith("optimizer"):
            return
        if "seed_generator" in parts or _is_count(item):
            return
        found.append((_variable_name(path, parts, item), item))

    tree.visititems(visit)
    for name, item in found:
        if item.external or item.is_virtual:
            raise BadDataError(f"{path}: {name} lies in another file; expected one file")
    _check_expansion(path, sum(item.nbytes for _, item in found))
    return named_arrays({name: np.atleast_1d(item[()]) for name, item in found})


def _is_count(item: Any) -> bool:
    """Whether a dataset is one whole number: of pictures seen, say, but no weight."""
    return bool(item.shape == () and item.dtype.kind in "iu")


def _variable_name(path: str, parts: list[str], item: Any) -> str:
    """Name a variable by its path, with the layer's name where Keras 3 numbers the layers."""
    if len(parts) < 3 or parts[-2] != "vars":
        return "/".join(parts)
    layer = item.parent.attrs.get("name")
    if isinstance(layer, str):
        return f"{layer}/vars/{parts[-1]}"
    if re.match(r"_?layer", parts[0]):
        raise BadDataError(
            f"{path} numbers its layers ({'/'.join(parts[:-2])}) and does not say which they are, "
            "as early versions of Keras 3 do not: load it with a newer one, and save it there"
        )
    return f"{parts[-3]}/vars/{parts[-1]}"
