"""A scene of a seed: what is in it, where, and its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .backgrounds import background, lighting
from .clutter import CLUTTER
from .objects import Placed, paint, place
from .shapes import CLASSES
from .textures import smoothed

SIDE = 224
# single: one instance of one class; multi: two to four; pair: one or two of each of two classes.
SPLITS = ("single", "multi", "pair")
# An instance shows at least this share of itself.
VISIBLE = 0.65
# Half sizes of objects in pixels, by how many there are: a diameter of 18 to 45 % of the side.
RADII = {1: (27, 50), 2: (24, 42), 3: (22, 36), 4: (20, 32)}


@dataclass(frozen=True)
class Instance:
    """One object of a labelled class.

    Attributes
    ----------
    label
        Index in `shapes.LABELS`.
    mask
        Its visible pixels, (side, side).
    box
        Their bounds x0, y0, x1, y1 in pixels, half open.
    visible
        Share of the object's pixels that nothing hides.
    """

    label: int
    mask: npt.NDArray[np.bool_]
    box: tuple[int, int, int, int]
    visible: float


@dataclass(frozen=True)
class Scene:
    """A picture, uint8 (side, side, 3), and its labelled objects; the first is of class `label`."""

    image: npt.NDArray[np.uint8]
    label: int
    instances: tuple[Instance, ...]

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes in the picture, one or two."""
        return tuple(dict.fromkeys(instance.label for instance in self.instances))

    def mask(self, label: int) -> npt.NDArray[np.bool_]:
        """Visible pixels of all instances of a class, (side, side)."""
        masks = [each.mask for each in self.instances if each.label == label]
        return np.any(masks, axis=0) if masks else np.zeros(self.image.shape[:2], np.bool_)


def scene(seed: int, index: int, split: str = "single", side: int = SIDE) -> Scene:
    """Make scene number `index` of a seed.

    Every scene has its own random stream (PCG64), so that any can be made without the others.
    Each dozen of consecutive scenes holds every class once as its `label`.

    Parameters
    ----------
    seed, index
        At least 0.
    split
        One of `SPLITS`.
    side
        Of the picture, in pixels, at least 64. Objects keep their size in pixels, where they fit;
        small pictures show less clutter. Those below 128 have room for one object only.
    """
    if split not in SPLITS:
        raise ValueError(f"split is {split!r}, expected one of {', '.join(SPLITS)}")
    kind = SPLITS.index(split)
    dozen, position = divmod(index, len(CLASSES))
    order = np.random.Generator(np.random.PCG64([seed, kind, dozen, 1])).permutation(len(CLASSES))
    random = np.random.Generator(np.random.PCG64([seed, kind, index, 0]))
    labels = _objects(random, split, int(order[position]))
    layers = _Layers(side)
    light = random.uniform(0, 2 * np.pi)
    # Small pictures have room for less.
    before, after = random.integers(1, 5) * side // SIDE, random.integers(0, 3) * side // SIDE
    for _ in range(before):
        layers.add(random, None, float(random.uniform(8, 34)))
    low, high = RADII[len(labels)]
    high = min(high, 0.42 * side)
    low = min(low, 0.7 * high)
    for label in labels:
        # An object too many for the room left is drawn smaller.
        for shrink in (1, 1, 1, 0.85, 0.75, 0.65, 0.55):
            if layers.add(random, label, float(random.uniform(low, high)) * shrink):
                break
    for _ in range(after):
        layers.add(random, None, float(random.uniform(8, 26)))
    picture = background(random, side)
    for _, placed in layers.things:
        paint(random, picture, light, placed)
    return Scene(_photograph(random, picture), labels[0], layers.instances())


def _objects(random: np.random.Generator, split: str, label: int) -> list[int]:
    """Draw the class of every object."""
    if split == "single":
        return [label]
    if split == "multi":
        return [label] * int(random.integers(2, 5))
    other = (label + int(random.integers(1, len(CLASSES)))) % len(CLASSES)
    return [label] * int(random.integers(1, 3)) + [other] * int(random.integers(1, 3))


class _Layers:
    """Things one above the other, and what is visible of each."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.things: list[tuple[int | None, Placed]] = []
        # Which thing each pixel shows, -1 for the ground.
        self.top = np.full((side, side), -1, np.int8)
        self.sizes: list[int] = []

    def add(self, random: np.random.Generator, label: int | None, radius: float) -> bool:
        """Put a thing (None: of no class) on top, unless it would hide too much of an object."""
        make = CLUTTER[int(random.integers(len(CLUTTER)))] if label is None else CLASSES[label]
        shape = make(random)
        angle, squeeze = random.uniform(0, 2 * np.pi), random.uniform(0.82, 1)
        for _ in range(12):
            # Objects lie within the picture, clutter may reach out of it.
            edge = 0.0 if label is None else radius + 2
            x, y = random.uniform(edge, self.side - edge, 2)
            placed = place(shape, x, y, radius, angle, squeeze, self.side)
            if self._fits(placed, label):
                self.top[placed.window][placed.mask] = len(self.things)
                self.things.append((label, placed))
                self.sizes.append(int(np.count_nonzero(placed.mask)))
                return True
        return False

    def _fits(self, placed: Placed, label: int | None) -> bool:
        """Whether every object stays visible enough; objects may barely touch one another."""
        hidden = np.bincount(self.top[placed.window][placed.mask] + 1, minlength=1)[1:]
        for index in np.flatnonzero(hidden).tolist():
            if self.things[index][0] is None:
                continue
            left = np.count_nonzero(self.top == index) - hidden[index]
            share = 0.93 if label is not None else VISIBLE
            if left < share * self.sizes[index]:
                return False
        return True

    def instances(self) -> tuple[Instance, ...]:
        """List masks and boxes of the objects, in the order in which they were put."""
        found = []
        for index, (label, _) in enumerate(self.things):
            if label is None:
                continue
            mask = self.top == index
            rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
            box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
            visible = np.count_nonzero(mask) / self.sizes[index]
            found.append(Instance(label, mask, box, visible))
        return tuple(found)


def _photograph(
    random: np.random.Generator, picture: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """Add light, lens and sensor: (3, side, side) in [0, 1] to uint8 (side, side, 3)."""
    side = picture.shape[-1]
    picture = picture * lighting(random, side)
    picture = smoothed(picture, random.uniform(0.02, 0.3))
    noise = random.standard_normal(picture.shape, np.float32)
    picture += np.float32(random.uniform(0.004, 0.03)) * noise
    levels = np.clip(picture * np.float32(255) + np.float32(0.5), 0, 255)
    return np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0))
