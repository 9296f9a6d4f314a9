"""Scenes with two classes: whether the map of each lies on its own objects."""

from dataclasses import dataclass

import numpy as np
from gradcampp_swift import Model
from gradcampp_swift.metrics import energy_inside
from scenes import scene

from .splits import METHODS, Values


@dataclass(frozen=True)
class Pairs:
    """Energy on the objects of class a, for the map of class a and for that of class b."""

    own: dict[str, Values]
    """By method, a number for each of both classes of each scene."""
    other: dict[str, Values]

    @property
    def count(self) -> int:
        """How many scenes."""
        return len(self.own[METHODS[0]]) // 2


def measure(model: Model, seed: int, count: int) -> Pairs:
    """Explain both classes of each scene by each method."""
    own: dict[str, list[float]] = {method: [] for method in METHODS}
    other: dict[str, list[float]] = {method: [] for method in METHODS}
    for index in range(count):
        made = scene(seed, index, "pair")
        masks = [made.mask(label) for label in made.labels]
        for method in METHODS:
            maps = [
                each.heatmap for each in model.explain(made.image, list(made.labels), method=method)
            ]
            for place in (0, 1):
                own[method].append(energy_inside(maps[place], masks[place]))
                other[method].append(energy_inside(maps[1 - place], masks[place]))
    return Pairs(
        {method: np.array(own[method]) for method in METHODS},
        {method: np.array(other[method]) for method in METHODS},
    )
