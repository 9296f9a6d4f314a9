"""The command `gradcampp`, which is also `classify.py` and `python -m gradcampp_swift`."""

from .entry import main

__all__ = ["main"]
