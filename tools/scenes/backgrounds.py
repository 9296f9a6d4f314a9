"""The ground that things lie on, and the light on it. Pictures here are (3, side, side), RGB."""

from __future__ import annotations

import numpy as np

from .textures import Plane, colour, field


def background(random: np.random.Generator, side: int) -> Plane:
    """Draw a textured surface, or a table before a wall, in [0, 1]."""
    ground = _surface(random, side)
    if random.random() < 0.5:
        wall = _surface(random, side)
        # The table's edge: a straight line, slightly tilted, a few pixels soft.
        tilt, height = random.uniform(-0.12, 0.12), random.uniform(0.2, 0.6) * side
        softness = random.uniform(1, 4)
        x = np.arange(side) - side / 2
        edge = (np.arange(side)[:, np.newaxis] - height - tilt * x) / softness
        share = np.clip(edge + 0.5, 0, 1).astype(np.float32)
        ground = wall + share * (ground - wall)
    return ground


def _surface(random: np.random.Generator, side: int) -> Plane:
    """Draw one material: a texture between two colours, mottled by a second one."""
    steepness = random.uniform(0.9, 1.6)
    stretch = 1.0 if random.random() < 0.6 else random.uniform(1.5, 3.0)
    grain = field(random, side, steepness, stretch, random.uniform(0, np.pi))
    dark, light = colour(random, 0.4), colour(random, 0.4)
    # Near shades look like one material; strangers would look like paint.
    light = dark + np.float32(random.uniform(0.15, 0.6)) * (light - dark)
    share = np.float32(0.5) + np.float32(random.uniform(0.12, 0.3)) * grain
    span = (light - dark)[:, np.newaxis, np.newaxis]
    relief = np.float32(random.uniform(0.01, 0.05)) * grain
    return dark[:, np.newaxis, np.newaxis] + span * share + relief


def lighting(random: np.random.Generator, side: int) -> Plane:
    """Draw light from one side, dimmer towards the corners: factors (side, side) near 1."""
    steps = (np.arange(side) - (side - 1) / 2) / (side / 2)
    x, y = steps[np.newaxis], steps[:, np.newaxis]
    angle, strength = random.uniform(0, 2 * np.pi), random.uniform(0, 0.35)
    corners = random.uniform(0, 0.15)
    factor = 1 + strength * (np.cos(angle) * x + np.sin(angle) * y) / np.sqrt(2)
    light: Plane = (factor - corners * (x**2 + y**2)).astype(np.float32)
    return light
