"""Photograph-like scenes of known content, made from a seed; see README.md."""

from .scene import SIDE, SPLITS, Instance, Scene, scene
from .shapes import LABELS

__all__ = ["LABELS", "SIDE", "SPLITS", "Instance", "Scene", "scene"]
