"""What a metric is to the command `gradcampp evaluate`: columns, and a function that fills them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from ..pictures.geometry import Box

Score: TypeAlias = Callable[[npt.NDArray[np.float64]], float]
"""From a picture, float64 RGB in [0, 1], to the probability of the class that is explained.

One with a method `batch`, from several pictures (n, height, width, 3) to as many probabilities, is
asked for several at a time.
"""


class Truth(NamedTuple):
    """Where instances of the class lie, in the network's view."""

    boxes: tuple[Box, ...]
    """One or more, each within the view."""
    box_region: npt.NDArray[np.bool_]
    """(height, width), true within any of the boxes."""
    mask: npt.NDArray[np.bool_] | None
    """(height, width), true on the instances; None where only boxes are known."""

    @property
    def region(self) -> npt.NDArray[np.bool_]:
        """The mask where there is one, else the boxes."""
        return self.box_region if self.mask is None else self.mask


class Case(NamedTuple):
    """One map of one picture, and what metrics may ask about it."""

    picture: npt.NDArray[np.float64]
    """What the network saw, RGB in [0, 1], (height, width, 3)."""
    heatmap: npt.NDArray[np.float32]
    """The map in [0, 1], (height, width)."""
    cam: npt.NDArray[np.float32]
    """The map at the layer's resolution."""
    probability: float
    """Of the class that is explained, in the picture as it is."""
    score: Score
    """That probability in a changed picture."""
    truth: Truth | None
    """Instances of the class that is explained; None where there are none, or none are known."""
    randomised: Callable[[], Sequence[npt.NDArray[np.float32]]]
    """`cam` again, from each network of the cascade."""


class Column(NamedTuple):
    """One number of a metric, for one map."""

    name: str
    """In the header of the CSV file."""
    title: str
    """In the summary, with its unit."""
    meaning: str
    """One sentence for the help."""
    scale: float = 1
    """What the summary multiplies the mean by: 100 shows a share in percent."""
    decimals: int = 3
    """How many the summary shows."""


class Metric(NamedTuple):
    """A metric, or a family of metrics that share their work."""

    name: str
    columns: tuple[Column, ...]
    measure: Callable[[Case], Sequence[float]]
    """The numbers of the columns, in their order; always finite."""
    needs: Literal["", "boxes", "masks"] = ""
    """Ground truth without which the columns are left out."""
    is_optional: bool = False
    """Whether it takes many passes through the network, and is computed only when asked for."""
    per_layer: bool = False
    """Whether there is a set of columns for each layer that has weights, the last layer first."""
