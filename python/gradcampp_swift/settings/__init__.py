"""What can be chosen: names and values, with which a model is loaded and asked."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Find what pickles of 0.1.0 look for here."""
    if name == "Description":
        from .catalogue import Description

        return Description
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
