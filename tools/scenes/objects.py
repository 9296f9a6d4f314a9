"""One thing in a picture: its outline on the pixel grid, its surface, its shadow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .coverage import coverage
from .shapes import Shape
from .textures import Plane, colour, smoothed

# Farther than the shadow reaches.
MARGIN = 8


@dataclass(frozen=True)
class Placed:
    """A shape in its place. Planes cover the window from `top`, `left`, MARGIN wider all around.

    Attributes
    ----------
    top, left
        Where the window begins, in whole pixels of the picture; it lies within the picture.
    cover
        Share of each pixel that the shape covers, in [0, 1].
    marks
        Share that its marks cover.
    """

    top: int
    left: int
    cover: Plane
    marks: Plane

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the picture."""
        height, width = self.cover.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Pixels of the window that are more than half covered."""
        return self.cover >= np.float32(0.5)


def place(
    shape: Shape, x: float, y: float, radius: float, angle: float, squeeze: float, side: int
) -> Placed:
    """Turn, scale and move a shape's unit disc to radius and centre in pixels.

    `squeeze` is the ratio of its axes before it is turned.
    """
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = radius * np.array([[cosine, sine], [-sine * squeeze, cosine * squeeze]])
    outline = [points @ turn + np.array([x, y]) for points in shape.outline]
    marks = [points @ turn + np.array([x, y]) for points in shape.marks]
    everything = np.concatenate(outline)
    low = np.maximum(np.floor(everything.min(axis=0)).astype(int) - MARGIN, 0)
    high = np.minimum(np.ceil(everything.max(axis=0)).astype(int) + MARGIN, side)
    (left, top), (width, height) = low.tolist(), np.maximum(high - low, 1).tolist()
    cover = coverage(outline, left, top, width, height)
    marked = coverage(marks, left, top, width, height) if marks else np.zeros_like(cover)
    return Placed(top, left, cover, np.minimum(marked, cover))


def paint(random: np.random.Generator, picture: Plane, light: float, placed: Placed) -> None:
    """Paint a thing and its shadow into a picture (3, side, side).

    `light` is the angle that light comes from. The surface takes a colour that differs from its
    surroundings, a grain, a lighter side towards the light and a darker rim.
    """
    window = (slice(None), *placed.window)
    below = picture[window]
    around = below.reshape(3, -1)[:, :: max(1, below[0].size // 400)]
    paint_colour = _unlike(random, np.sort(around, axis=1)[:, around.shape[1] // 2])
    mark_colour = _unlike(random, paint_colour)
    height, width = placed.cover.shape
    x = (np.arange(width) - width / 2) / max(width, height)
    y = (np.arange(height) - height / 2)[:, np.newaxis] / max(width, height)
    across = (np.cos(light) * x + np.sin(light) * y).astype(np.float32)
    shade = np.float32(1) + np.float32(random.uniform(0.1, 0.5)) * across
    soft = smoothed(smoothed(placed.cover, 0.3), 0.3)
    shade *= np.float32(0.7) + np.float32(0.3) * np.minimum(soft * soft * soft, np.float32(1))
    shade += np.float32(random.uniform(0.01, 0.07)) * _grain(random, height, width)
    surface = paint_colour[:, np.newaxis, np.newaxis] * shade
    if placed.marks.any():
        surface += placed.marks * (mark_colour[:, np.newaxis, np.newaxis] * shade - surface)
    below *= np.float32(1) - np.float32(random.uniform(0.25, 0.6)) * _shadow(placed.cover, light)
    below += placed.cover * (surface - below)


def _shadow(cover: Plane, light: float) -> Plane:
    """Make a soft copy of what is covered, three pixels away from the light, within the window."""
    down, right = round(-3 * np.sin(light)), round(-3 * np.cos(light))
    padded = np.pad(cover, 4)
    height, width = cover.shape
    moved = padded[4 - down : 4 - down + height, 4 - right : 4 - right + width]
    return smoothed(smoothed(smoothed(moved, 0.33), 0.33), 0.33)


def _grain(random: np.random.Generator, height: int, width: int) -> Plane:
    """Draw fine or coarse noise, standard deviation near 1."""
    size = int(random.integers(1, 5))
    shape = (height // size + 1, width // size + 1)
    coarse = random.standard_normal(shape, np.float32)
    return coarse.repeat(size, axis=0).repeat(size, axis=1)[:height, :width]


def _unlike(random: np.random.Generator, other: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Draw a colour that stands out from another: 0.3 away in some channel."""
    best = colour(random)
    for _ in range(8):
        if np.abs(best - other).max() >= 0.3:
            break
        following = colour(random)
        if np.abs(following - other).max() > np.abs(best - other).max():
            best = following
    return best
