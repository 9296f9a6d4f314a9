"""Grad-CAM++ explanations of convolutional networks, without a framework.

>>> import gradcampp_swift as gcpp
>>> model = gcpp.load()  # the network in the box; or a path such as "models/vgg16.npy"
>>> explanation = model.explain(gcpp.samples()[0])
>>> explanation.save("overlay.png")  # doctest: +SKIP
"""

from ._core import version as _version
from .attribution import cam
from .bundled_model import samples
from .contact_sheet import contact_sheet
from .errors import (
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
from .explanation import Explanation
from .graphs import graph_passes
from .loading import load
from .model import Model
from .predictions import Prediction
from .preprocessing import Preprocessing, preprocessings
from .settings import Description, colormaps, methods, set_num_threads, show_versions

__version__ = _version()

__all__ = [
    "BadDataError",
    "ClassIndexError",
    "Description",
    "Explanation",
    "FileAccessError",
    "GradCAMError",
    "InvalidArgumentError",
    "MissingFileError",
    "MissingPackageError",
    "Model",
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
    "load",
    "methods",
    "preprocessings",
    "samples",
    "set_num_threads",
    "show_versions",
]
