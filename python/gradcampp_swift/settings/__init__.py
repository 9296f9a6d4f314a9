"""What can be chosen: names and values, with which a model is loaded and asked."""

from .catalogue import Description  # pickles of 0.1.0 look for it here

__all__ = ["Description"]
