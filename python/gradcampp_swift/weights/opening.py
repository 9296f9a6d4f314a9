"""From weights to the library's model."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import _core
from ..arguments import check_path
from ..errors import BadDataError, FileAccessError
from ..settings.load_settings import LoadSettings
from .named_networks import resolved
from .weight_file import WeightFile

if TYPE_CHECKING:
    from .framework_files import FrameworkFile

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"


def open_weights(
    weights: str | Mapping[Any, Any], settings: LoadSettings, sha256: str | None = None
) -> tuple[_core.Model, WeightFile | None]:
    """Open weights.

    Parameters
    ----------
    weights
        Path of a file, or a mapping of arrays as `gradcampp_swift.load` takes it.
    settings
        How they are loaded; `path` is not looked at.
    sha256
        What the file must hash to; None where that is not known.

    Returns
    -------
    model, file
        No file where the weights came in memory.

    Raises
    ------
    GradCAMError
        As `gradcampp_swift.load` does. BadDataError also for a file of another hash, or one that
        changed meanwhile.
    """
    if isinstance(weights, Mapping):
        from .arrays import NetworkWeights, named_arrays

        keywords = settings.core_keywords()
        if isinstance(weights, NetworkWeights):
            said = {name: value for name, value in keywords.items() if value is not None}
            keywords = {**keywords, **weights.remarks, **said}
        return _core.model_open_arrays(named_arrays(weights), **keywords), None
    file = WeightFile(weights)
    if sha256 is not None and file.sha256() != sha256:
        raise BadDataError(
            f"{weights}: the weights changed since the model was pickled (SHA-256 "
            f"{file.sha256()[:12]}..., expected {sha256[:12]}...)"
        )
    core = _open(weights, settings)
    file.check_unchanged()
    return core, file


def graph_passes(weights: str | os.PathLike[str] | Mapping[Any, Any]) -> str:
    """Show how a network is simplified before it runs.

    A file is read into a graph: nodes that are named and meant as ONNX's operators are, tensors,
    an input and an output. Passes rewrite it without changing what it computes: batch
    normalisation is folded into the layer before it, padding merged into windows, and so on.
    What remains runs.

    Parameters
    ----------
    weights
        A name, a path or a mapping, as `load` takes it.

    Returns
    -------
    str
        The graph as it was read and after each pass: a line for each node with the extents of its
        results and the extents of its weights. For people: its form may change.

    Raises
    ------
    MissingFileError, FileAccessError, BadDataError, MissingPackageError
        As of `load`.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> print(gcpp.graph_passes("vgg16_bn.safetensors"))  # doctest: +SKIP
    """
    if isinstance(weights, Mapping):
        from .arrays import NetworkWeights, named_arrays

        remarks = weights.remarks if isinstance(weights, NetworkWeights) else {}
        return _core.graph_passes_arrays(named_arrays(weights), **remarks)
    path, _ = resolved(check_path(weights, "weights"), LoadSettings())
    file = _framework_file(path)
    if file is None:
        return _core.graph_passes(path)
    return _core.graph_passes_arrays(
        file.arrays,
        origin=path.encode("utf-8", "replace").decode(),
        configuration=file.configuration,
    )


def _open(path: str, settings: LoadSettings) -> _core.Model:
    """Open a weight file; the library's errors get what an OSError has."""
    keywords = settings.core_keywords()
    file = _framework_file(path)
    if file is not None:
        origin = path.encode("utf-8", "replace").decode()
        return _core.model_open_arrays(
            file.arrays, origin=origin, configuration=file.configuration, **keywords
        )
    try:
        return _core.model_open(path, **keywords)
    except FileAccessError as error:
        number = None
        if os.path.isdir(path):
            number = errno.EISDIR
        elif not os.access(path, os.R_OK):
            number = errno.EACCES
        raise FileAccessError(str(error), number, path) from None


def _framework_file(path: str) -> FrameworkFile | None:
    """Read a file of Keras or NumPy's `savez`; any other is the library's to read or to refuse."""
    try:
        if not os.path.isfile(path):  # nor a FIFO, which would be waited for
            return None
        with open(path, "rb") as file:
            start = file.read(16)
    except OSError:
        return None
    if not start.startswith((_HDF5, _ZIP)):
        return None
    from .framework_files import read_hdf5, read_zip

    return read_hdf5(path) if start.startswith(_HDF5) else read_zip(path)
