"""From weights to the library's model."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Any

from .. import _core
from ..arguments import check_name
from ..errors import BadDataError, FileAccessError
from ..settings.preprocessing import as_core_argument
from .arrays import named_arrays
from .framework_files import read_framework_file
from .weight_file import WeightFile


def open_arrays(weights: Mapping[Any, Any], preprocessing: object, crop: str) -> _core.Model:
    """Open a mapping of arrays; `gradcampp_swift.load` documents the arguments."""
    colors = as_core_argument(preprocessing)
    check_name(crop, "crop")
    return _core.model_open_arrays(named_arrays(weights), colors, None, crop)


def open_weights(
    path: str, preprocessing: object, crop: str, sha256: str | None = None
) -> tuple[_core.Model, WeightFile]:
    """Open a weight file; `gradcampp_swift.load` documents the arguments.

    Parameters
    ----------
    path, preprocessing, crop
        Of `load`.
    sha256
        What the file must hash to; None where that is not known.
    """
    colors = as_core_argument(preprocessing)
    check_name(crop, "crop")
    file = WeightFile(path)
    if sha256 is not None and file.sha256() != sha256:
        raise BadDataError(
            f"{path}: the weights changed since the model was pickled (SHA-256 "
            f"{file.sha256()[:12]}..., expected {sha256[:12]}...)"
        )
    core = _open(path, colors, crop)
    file.check_unchanged()
    return core, file


def _open(path: str, colors: Any, crop: str) -> _core.Model:
    """Open a weight file; the library's errors get what an OSError has."""
    arrays = read_framework_file(path)
    if arrays is not None:
        origin = path.encode("utf-8", "replace").decode()
        return _core.model_open_arrays(arrays, colors, origin, crop)
    try:
        return _core.model_open(path, colors, crop)
    except FileAccessError as error:
        number = None
        if os.path.isdir(path):
            number = errno.EISDIR
        elif not os.access(path, os.R_OK):
            number = errno.EACCES
        raise FileAccessError(str(error), number, path) from None
