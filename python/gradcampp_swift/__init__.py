"""Grad-CAM++ explanations of convolutional networks, without a framework.

>>> import gradcampp_swift as gcpp
>>> model = gcpp.load("box")  # the network in the box; or a path such as "models/vgg16.npy"
>>> explanation = model.explain(gcpp.samples()[0])
>>> explanation.save("overlay.png")  # doctest: +SKIP
"""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from . import former_names as _former_names
from ._core import version as _version
from .classes import targets
from .classes.predictions import Prediction
from .errors import (
    AmbiguousNameError,
    BadDataError,
    ClassIndexError,
    FileAccessError,
    GradCAMError,
    InvalidArgumentError,
    MissingFileError,
    MissingPackageError,
    OutOfMemoryError,
    UnknownNameError,
    WrongTypeError,
)
from .explanations.explanation import Explanation
from .loading import load
from .model import Model
from .settings.limits import Limits, limits
from .settings.preprocessing import Preprocessing
from .weights.bundled import samples
from .weights.opening import graph_passes

if _TYPE_CHECKING:
    from .explanations.cam import cam
    from .explanations.contact_sheet import contact_sheet
    from .explanations.overlay import overlay
    from .settings.catalogue import (
        Description,
        Method,
        Needs,
        Option,
        colormaps,
        methods,
        preprocessings,
    )
    from .settings.process import set_num_threads, show_versions

__version__ = _version()
_former_names.register(__name__)

# What explaining a picture does without is imported when it is asked for.
_LATER = {
    "cam": "explanations.cam",
    "contact_sheet": "explanations.contact_sheet",
    "overlay": "explanations.overlay",
    "Description": "settings.catalogue",
    "Method": "settings.catalogue",
    "Needs": "settings.catalogue",
    "Option": "settings.catalogue",
    "colormaps": "settings.catalogue",
    "methods": "settings.catalogue",
    "preprocessings": "settings.catalogue",
    "set_num_threads": "settings.process",
    "show_versions": "settings.process",
}


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(_importlib.import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


__all__ = [
    "AmbiguousNameError",
    "BadDataError",
    "ClassIndexError",
    "Description",
    "Explanation",
    "FileAccessError",
    "GradCAMError",
    "InvalidArgumentError",
    "Limits",
    "Method",
    "MissingFileError",
    "MissingPackageError",
    "Model",
    "Needs",
    "Option",
    "OutOfMemoryError",
    "Prediction",
    "Preprocessing",
    "UnknownNameError",
    "WrongTypeError",
    "__version__",
    "cam",
    "colormaps",
    "contact_sheet",
    "graph_passes",
    "limits",
    "load",
    "methods",
    "overlay",
    "preprocessings",
    "samples",
    "set_num_threads",
    "show_versions",
    "targets",
]
