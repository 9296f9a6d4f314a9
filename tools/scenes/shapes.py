"""The classes: what the objects of each look like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .outlines import Points, arc, contour, ellipse, hole, joined, rectangle


@dataclass(frozen=True)
class Shape:
    """A silhouette, and marks painted on it in another colour."""

    outline: tuple[Points, ...]
    marks: tuple[Points, ...] = ()


def star(random: np.random.Generator) -> Shape:
    """Draw five points."""
    inner = random.uniform(0.4, 0.48)
    angles = np.arange(10) * (np.pi / 5) - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, 1, inner)
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return Shape((points,))


def gear(random: np.random.Generator) -> Shape:
    """Draw teeth around a hub with a hole."""
    teeth = int(random.integers(8, 11))
    depth = random.uniform(0.72, 0.78)
    steps = np.arange(4 * teeth)
    angles = (steps + np.where(steps % 2 == 0, 0.12, -0.12)) * (np.pi / (2 * teeth))
    radii = np.where(steps % 4 < 2, 0.98, depth)
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return Shape((points, hole(ellipse(0, 0, random.uniform(0.24, 0.32)))))


def ring(random: np.random.Generator) -> Shape:
    """Draw a plain annulus."""
    return Shape((ellipse(0, 0, 0.92, count=48), hole(ellipse(0, 0, random.uniform(0.55, 0.64)))))


def crescent(random: np.random.Generator) -> Shape:
    """Draw a moon."""
    bite, centre = 0.8, random.uniform(0.42, 0.5)
    # Where the circles of radius 0.96 around 0 and of radius `bite` around `centre` meet.
    x = (0.96**2 - bite**2 + centre**2) / (2 * centre)
    tip = np.degrees(np.arccos(x / 0.96))
    cut = np.degrees(np.arccos((x - centre) / bite))
    outer = arc(0, 0, 0.96, tip, 360 - tip, 36)
    inner = arc(centre, 0, bite, 360 - cut, cut, 36)
    return Shape((joined(outer, inner[1:-1]) + np.array([0.2, 0.0]),))


def arrow(random: np.random.Generator) -> Shape:
    """Draw a straight arrow with one head."""
    shaft, head = random.uniform(0.16, 0.22), random.uniform(0.58, 0.68)
    neck = random.uniform(0.05, 0.2)
    points = contour(
        (-0.97, -shaft), (neck, -shaft), (neck, -head), (0.97, 0),
        (neck, head), (neck, shaft), (-0.97, shaft),
    )  # fmt: skip
    return Shape((points,))


def cross(random: np.random.Generator) -> Shape:
    """Draw four equal arms."""
    arm, half = 0.92, random.uniform(0.24, 0.32)
    points = contour(
        (-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half), (half, half),
        (half, arm), (-half, arm), (-half, half), (-arm, half), (-arm, -half), (-half, -half),
    )  # fmt: skip
    return Shape((points,))


def mushroom(random: np.random.Generator) -> Shape:
    """Draw a spotted half-round cap on a stem that widens downwards."""
    rim, foot = random.uniform(0.0, 0.08), random.uniform(0.3, 0.38)
    cap = joined(arc(0, rim, 0.95, 180, 360), np.array([[0.8, rim + 0.16], [-0.8, rim + 0.16]]))
    stem = contour((-0.24, rim), (0.24, rim), (foot, 0.95), (-foot, 0.95))
    spots = (
        ellipse(-0.48, rim - 0.28, 0.15, count=20),
        ellipse(0.05, rim - 0.58, 0.17, count=20),
        ellipse(0.46, rim - 0.24, 0.14, count=20),
    )
    return Shape((cap, stem), spots)


def fish(random: np.random.Generator) -> Shape:
    """Draw a body pointed at both ends, a forked tail, a fin and an eye."""
    belly = random.uniform(0.42, 0.5)
    share = np.linspace(0, 1, 20)
    along = -0.97 + 1.52 * share
    half = belly * np.sin(np.pi * share**0.9)
    body = joined(np.stack([along, -half], axis=1), np.stack([along, half], axis=1)[-2:0:-1])
    tail = contour((0.3, 0), (0.95, -0.55), (0.78, 0), (0.95, 0.55))
    fin = contour((-0.25, -0.3), (0.02, -0.78), (0.22, -0.25))
    return Shape((body, tail, fin), (ellipse(-0.6, -0.08, 0.09, count=16),))


def house(random: np.random.Generator) -> Shape:
    """Draw walls under a gable roof with a chimney, a door and a window."""
    eaves, wall = random.uniform(-0.2, -0.1), random.uniform(0.6, 0.66)
    roof = contour((-0.92, eaves), (0, -0.92), (0.92, eaves))
    walls = rectangle(-wall, eaves - 0.05, wall, 0.8)
    chimney = rectangle(0.36, -0.85, 0.58, eaves)
    door, window = rectangle(-0.42, 0.2, -0.1, 0.8), rectangle(0.12, 0.1, 0.44, 0.4)
    return Shape((roof, walls, chimney), (door, window))


def key(random: np.random.Generator) -> Shape:
    """Draw a bow with a hole, a long shank, two bits."""
    bow, shank = random.uniform(0.38, 0.44), 0.1
    end = 0.97
    return Shape(
        (
            ellipse(-0.97 + bow, 0, bow),
            hole(ellipse(-0.97 + bow, 0, bow * 0.5, count=24)),
            rectangle(-0.97 + 1.9 * bow, -shank, end, shank),
            rectangle(end - 0.2, 0, end, random.uniform(0.4, 0.48)),
            rectangle(end - 0.55, 0, end - 0.35, random.uniform(0.32, 0.4)),
        )
    )


def heart(random: np.random.Generator) -> Shape:
    """Draw two lobes and a point."""
    angles = np.arange(48) * (2 * np.pi / 48)
    x = 16 * np.sin(angles) ** 3
    y = 13 * np.cos(angles) - 5 * np.cos(2 * angles) - 2 * np.cos(3 * angles) - np.cos(4 * angles)
    tall = random.uniform(0.95, 1.05)
    return Shape((joined(np.stack([x / 17.5, -(y + 2.5) * tall / 17], axis=1)),))


def bolt(random: np.random.Generator) -> Shape:
    """Draw a lightning flash."""
    lean = random.uniform(-0.05, 0.05)
    points = contour(
        (0.2 + lean, -0.97), (-0.52, 0.12), (-0.06, 0.12), (-0.3 - lean, 0.97),
        (0.52, -0.24), (0.08, -0.24), (0.5 + lean, -0.97),
    )  # fmt: skip
    return Shape((points,))


# In the order of the network's outputs.
CLASSES: tuple[Callable[[np.random.Generator], Shape], ...] = (
    star, gear, ring, crescent, arrow, cross, mushroom, fish, house, key, heart, bolt,
)  # fmt: skip
LABELS = tuple(each.__name__ for each in CLASSES)
