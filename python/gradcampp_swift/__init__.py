"""Grad-CAM++ explanations of convolutional networks, without a framework.

>>> import gradcampp_swift as gcpp
>>> model = gcpp.load("box")  # the network in the box; or a path such as "models/vgg16.npy"
>>> explanation = model.explain(gcpp.samples()[0])
>>> explanation.save("overlay.png")  # doctest: +SKIP
"""

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
from .explanations.cam import cam
from .explanations.contact_sheet import contact_sheet
from .explanations.explanation import Explanation
from .explanations.overlay import overlay
from .loading import load
from .model import Model
from .settings.catalogue import (
    Description,
    Method,
    Needs,
    Option,
    colormaps,
    methods,
    preprocessings,
)
from .settings.limits import Limits, limits
from .settings.preprocessing import Preprocessing
from .settings.process import set_num_threads, show_versions
from .weights.bundled import samples
from .weights.opening import graph_passes

__version__ = _version()
_former_names.register(__name__)

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
