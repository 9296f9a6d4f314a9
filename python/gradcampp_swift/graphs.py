"""What becomes of a file's network before it runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from . import _core
from .arguments import check_path
from .framework_files import read_framework_file
from .weights import named_arrays


def graph_passes(weights: str | os.PathLike[str] | Mapping[Any, Any]) -> str:
    """Show how a network is simplified before it runs.

    A file is read into a graph: nodes that are named and meant as ONNX's operators are, tensors,
    an input and an output. Passes rewrite it without changing what it computes: batch
    normalisation is folded into the layer before it, padding merged into windows, and so on.
    What remains runs.

    Parameters
    ----------
    weights
        A path or a mapping, as `load` takes it.

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
        return _core.graph_passes_arrays(named_arrays(weights))
    path = check_path(weights, "weights")
    arrays = read_framework_file(path)
    if arrays is None:
        return _core.graph_passes(path)
    return _core.graph_passes_arrays(arrays, path.encode("utf-8", "replace").decode())
