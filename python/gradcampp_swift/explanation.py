"""The result: where the evidence for one class lies in one picture."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from .arguments import check_name, check_path, check_share
from .errors import InvalidArgumentError
from .notebook_display import NotebookDisplay
from .original_view import OriginalView
from .predictions import Prediction
from .saving import check_suffix, save_array, save_picture

PICTURES = ("overlay", "heatmap", "guided", "panels", "figure")
"""What `Explanation.save` can draw."""


class Explanation(OriginalView, NotebookDisplay):
    """Where the evidence for one class lies in one picture.

    Made by `Model.explain`. Arrays are read-only views of the explanation's own memory, which
    lives as long as any of them.

    Attributes
    ----------
    target : Prediction
        The class that is explained, with its label, probability and logit for this picture.
    predictions : list of Prediction
        The five most probable classes (all, where the model has fewer), best first.
    """

    __slots__ = ("_core", "predictions", "target")

    def __init__(
        self, core: _core.Explanation, target: Prediction, predictions: list[Prediction]
    ) -> None:
        self._core = core
        self.target = target
        self.predictions = predictions

    # ---- Numbers -------------------------------------------------------------------------

    @property
    def heatmap(self) -> npt.NDArray[np.float32]:
        """The map at the network's input size, float32 (height, width), in [0, 1]."""
        return self._core.heatmap

    @property
    def cam(self) -> npt.NDArray[np.float32]:
        """The map at the layer's resolution, float32 (h, w), maximum 1 or all zero."""
        return self._core.cam

    @property
    def scale(self) -> float:
        """The largest value of the map before it was divided by it; 0 for a map of zeros.

        That map is the positive part of the sum of each channel's weight times its activations
        (Selvaraju et al. 2017, equation 2). An InvalidArgumentError says that the scale is unknown,
        for explanations that a version without it pickled.
        """
        scale = self._core.scale
        if scale == 0 and self.cam.any():
            raise InvalidArgumentError(
                "the scale is unknown, since an earlier version pickled this explanation: explain "
                "the picture again"
            )
        return scale

    @property
    def raw_cam(self) -> npt.NDArray[np.float32]:
        """The map before it was divided by its largest value, float32 (h, w): cam * scale.

        In units of the layer's activations, so that maps of several pictures, or of several
        classes, compare; `cam` and `heatmap` are each relative to their own largest value.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> first, second = gcpp.load().explain(gcpp.samples()[0], target="top2")
        >>> stronger = max(first, second, key=lambda e: e.raw_cam.sum())
        """
        return self.cam * np.float32(self.scale)

    @property
    def channel_weights(self) -> npt.NDArray[np.float32]:
        """The weight of each channel of the layer, float32 (channels,), without the exp factor."""
        return self._core.channel_weights

    @property
    def guided_gradients(self) -> npt.NDArray[np.float32] | None:
        """Guided gradients, float32 (height, width, 3), channels R, G, B; None without `guided`.

        The gradient of the target's logit by the network's RGB input in [0, 1], where the
        backward pass lets only positive gradients through each ReLU (guided backpropagation).
        """
        return self._core.guided

    @property
    def method(self) -> str:
        """Name of the method that made the map."""
        return self._core.method

    @property
    def layer(self) -> str:
        """Name of the layer that is explained."""
        return self._core.layer

    # ---- Pictures ------------------------------------------------------------------------

    @property
    def input(self) -> npt.NDArray[np.uint8]:
        """What the network saw, uint8 RGB (height, width, 3)."""
        return self._core.render("input").pixels()

    @property
    def guided_panel(self) -> npt.NDArray[np.uint8] | None:
        """Guided gradients within the map, uint8 RGB (height, width, 3); None without `guided`."""
        return None if self._core.guided is None else self._core.render("guided").pixels()

    def overlay(self, alpha: float = 0.3, colormap: str = "jet") -> npt.NDArray[np.uint8]:
        """Draw the heat map over the input.

        Parameters
        ----------
        alpha
            Weight of the heat map, more than 0, at most 1.
        colormap
            One of `colormaps()`.

        Returns
        -------
        uint8 RGB (height, width, 3)

        Raises
        ------
        InvalidArgumentError
            `alpha` lies outside its range, or there is no such colour map.
        """
        check_name(colormap, "colormap")
        alpha = check_share(alpha, "alpha")  # the library takes 0 for its default
        return self._core.render("overlay", colormap=colormap, alpha=alpha).pixels()

    def heatmap_rgb(self, colormap: str = "jet") -> npt.NDArray[np.uint8]:
        """Draw the heat map in colour, uint8 RGB (height, width, 3).

        `colormap` is one of `colormaps()`; an InvalidArgumentError says that it is not.
        """
        check_name(colormap, "colormap")
        return self._core.render("heatmap", colormap=colormap).pixels()

    def panels(self) -> npt.NDArray[np.uint8]:
        """Draw input, guided gradients, heat map and overlay side by side at full resolution.

        Returns
        -------
        uint8 RGB (height, 4 * width, 3)

        Raises
        ------
        InvalidArgumentError
            The explanation was made without `guided`.
        """
        return self._core.render("panels").pixels()

    def figure(self) -> npt.NDArray[np.uint8]:
        """Draw the page of the 2018 program, the four panels on white.

        Returns
        -------
        uint8 RGB (2880, 3840, 3)

        Raises
        ------
        InvalidArgumentError
            The explanation was made without `guided`.
        """
        return self._core.render("figure").pixels()

    def save(self, path: str | os.PathLike[str], what: str = "overlay") -> None:
        """Save a picture, or the heat map's numbers; the file is written wholly or not at all.

        Parameters
        ----------
        path
            Its suffix decides the format: .jpg and .jpeg (quality 95), .png, .tiff, .webp, .pdf
            and others that Pillow writes, or .npy for the heat map's numbers. A file that is
            there is replaced and keeps its permissions.
        what
            "overlay", "heatmap", "guided", "panels" or "figure"; the last three need an
            explanation made with `guided=True`.

        Raises
        ------
        InvalidArgumentError
            The suffix or `what` is unknown, or the explanation was made without `guided`.
        FileAccessError
            The file cannot be written.
        """
        path = check_path(path, "path")
        check_picture(what, path)
        if check_suffix(path) == ".npy":
            save_array(path, self.heatmap)
        else:
            save_picture(path, self._core.render(what))

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        index, label, probability, _ = self.target
        shape = "x".join(map(str, self.cam.shape))
        return (
            f"Explanation(target={index}, label={label!r}, probability={probability:.4g}, "
            f"method={self.method!r}, layer={self.layer!r}, cam={shape})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        core = self._core
        parts = {
            "method": core.method,
            "layer": core.layer,
            "target": core.target,
            "predictions": core.predictions,
            "heatmap": core.heatmap,
            "cam": core.cam,
            "channel_weights": core.channel_weights,
            "guided": core.guided,
            "seen": core.seen,
            "scale": core.scale,
            "source": core.source,
        }
        return _restore, (parts, self.target, self.predictions)


def _restore(
    parts: dict[str, Any], target: Prediction, predictions: list[Prediction]
) -> Explanation:
    """Make an explanation again in the process that unpickles it."""
    # Earlier versions did not keep the first two.
    whole = {"scale": 0.0, "source": None, **parts}
    return Explanation(_core.explanation_restore(**whole), target, predictions)


def check_picture(what: str, path: str) -> None:
    """Refuse, before anything is computed, what `Explanation.save` could not save."""
    if not isinstance(what, str) or what not in PICTURES:
        raise InvalidArgumentError(f"what is {what!r}, expected one of {', '.join(PICTURES)}")
    if check_suffix(path) == ".npy" and what not in ("overlay", "heatmap"):
        raise InvalidArgumentError(f"{path}: .npy holds the heat map's numbers, not {what!r}")
