"""Modules of version 0.1.0 that lie elsewhere now, for the pickles that name them.

A pickle names the module and the attribute of what it holds. These modules are made when the
package is imported, hold nothing, and look a name up when it is asked for.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_FORMER = {
    "explanation": {
        "Explanation": "explanations.explanation",
        "_restore": "explanations.explanation",
    },
    "geometry": {"SourceArea": "pictures.geometry"},
    "predictions": {"Prediction": "classes.predictions"},
    "preprocessing": {"Preprocessing": "settings.preprocessing"},
}
"""The module where each name of a former module lies."""


class _FormerModule(ModuleType):
    """A module that is no more, with the names that pickles ask it for."""

    def __getattr__(self, name: str) -> Any:
        package, _, former = self.__name__.partition(".")
        module = _FORMER[former].get(name)
        if module is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{module}"), name)


def register(package: str) -> None:
    """Make the former modules of the package known to the interpreter."""
    for former in _FORMER:
        name = f"{package}.{former}"
        sys.modules.setdefault(name, _FormerModule(name, "Moved; kept for pickles of 0.1.0."))
