"""Shapes of no class: stones, strokes and shards."""

from __future__ import annotations

import numpy as np

from .outlines import contour, joined
from .shapes import Shape


def stone(random: np.random.Generator) -> Shape:
    """Make a rounded blob: a circle whose radius varies with its second to fifth harmonic."""
    angles = np.arange(40) * (2 * np.pi / 40)
    radii = np.full(40, 0.78)
    for order in (2, 3, 4, 5):
        phase = random.uniform(0, 2 * np.pi)
        radii += random.uniform(0, 0.2 / order) * np.cos(order * angles + phase)
    squeeze = random.uniform(0.55, 1)
    points = np.stack([radii * np.cos(angles), squeeze * radii * np.sin(angles)], axis=1)
    return Shape((points,))


def stroke(random: np.random.Generator) -> Shape:
    """Make a bent twig of varying width."""
    along = np.linspace(-0.95, 0.95, 16)
    bend = random.uniform(-0.45, 0.45) * (along**2 - 0.4) + random.uniform(-0.3, 0.3) * along**3
    half = random.uniform(0.05, 0.12) * (1.2 - random.uniform(0, 0.8) * np.abs(along))
    upper = np.stack([along, bend - half], axis=1)
    lower = np.stack([along, bend + half], axis=1)
    return Shape((joined(upper, lower[::-1]),))


def shard(random: np.random.Generator) -> Shape:
    """Make a polygon of three to six corners, seen from its middle in irregular steps."""
    corners = int(random.integers(3, 7))
    steps = np.arange(corners) + random.uniform(-0.28, 0.28, corners)
    angles = steps * (2 * np.pi / corners)
    radii = random.uniform(0.6, 0.98, corners)
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return Shape((contour(*map(tuple, points)),))


CLUTTER = (stone, stroke, shard)
