"""The result: where the evidence for one target lies in one picture."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_name, check_path, check_share
from ..classes.predictions import Prediction, percent
from ..classes.targets import Logit, Not, Probability, Value
from ..errors import InvalidArgumentError
from ..pictures.saving import check_suffix, save_array, save_picture
from .kinds import check_kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..pictures.geometry import Box, SourceArea
    from .notebook.display import Shown


class Explanation:
    """Where the evidence for one target, such as a class, lies in one picture.

    Made by `Model.explain`. Arrays are read-only views of the explanation's own memory, which
    lives as long as any of them.

    Attributes
    ----------
    asked : value of `gradcampp_swift.targets`
        The target that is explained: as it was asked for, a plain class as its `Logit`, and the
        predicted class by its index.
    predictions : list of Prediction
        The five most probable classes (all, where the model has fewer), best first; none of a
        network that does not end with classes.
    """

    __slots__ = ("_core", "_target", "_title", "asked", "predictions")

    def __init__(
        self,
        core: _core.Explanation,
        target: Prediction | None,
        predictions: list[Prediction],
        asked: Value,
        title: str,
    ) -> None:
        self._core = core
        self._target = target
        self._title = title
        self.asked = asked
        self.predictions = predictions

    # ---- What is explained ---------------------------------------------------------------

    @property
    def target(self) -> Prediction:
        """The class that is explained, with its label, probability and logit for this picture.

        Of several the first. An InvalidArgumentError says that the target is about no class, as
        `targets.Output` is; see `asked` and `score`.
        """
        if self._target is None:
            raise InvalidArgumentError(
                f"the explanation is of {self._title} and so of no class: asked says of what, and "
                "score how much of it there is"
            )
        return self._target

    @property
    def score(self) -> float:
        """The target's score for this picture, for a plain class its logit."""
        return self._core.score

    @property
    def _probability(self) -> float | None:
        """The probability of what is explained; None where that is no event."""
        kind = self._core.target_kind
        if kind == Probability.kind:
            return self.score
        if self._target is not None and kind == Logit.kind:
            return self._target.probability
        # The only class of a network with one sigmoid unit, or not.
        if self._target is not None and kind == Not.kind and len(self.predictions) == 1:
            return 1 - self._target.probability
        return None

    @property
    def _measure(self) -> str:
        """The probability or the score for people."""
        probability = self._probability
        return f"score {self.score:.4g}" if probability is None else percent(probability)

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
    def has_evidence(self) -> bool:
        """Whether anything in the layer speaks for the target: whether the map is not all zero.

        Where it is False, ask another layer or method (`gradcam++` sees positive gradients alone),
        or about another target, such as the predicted class.
        """
        return bool(self.cam.any())

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
        >>> first, second = gcpp.load("box").explain(gcpp.samples()[0], target="top2")
        >>> stronger = max(first, second, key=lambda e: e.raw_cam.sum())
        """
        return self.cam * np.float32(self.scale)

    @property
    def channel_weights(self) -> npt.NDArray[np.float32] | None:
        """The weight of each channel of the layer, float32 (channels,), without the exp factor.

        None for a method that does not weigh channels.
        """
        return self._core.channel_weights

    @property
    def guided_gradients(self) -> npt.NDArray[np.float32] | None:
        """Guided gradients, float32 (height, width, 3), channels R, G, B; None without `guided`.

        The gradient of the target's score by the network's RGB input in [0, 1], where the
        backward pass lets only positive gradients through each ReLU (guided backpropagation).
        """
        return self._core.guided

    @property
    def method(self) -> str:
        """Name of the method that made the map."""
        return self._core.method

    @property
    def layer(self) -> str:
        """Name of the layer that is explained; of several, all with commas between them."""
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

        They are uint8 RGB (height, 4 * width, 3). An InvalidArgumentError says that the explanation
        was made without `guided`.
        """
        return self._core.render("panels").pixels()

    def figure(self) -> npt.NDArray[np.uint8]:
        """Draw the page of the 2018 program: the four panels on white, uint8 RGB (2880, 3840, 3).

        An InvalidArgumentError says that the explanation was made without `guided`.
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
        check_kind(what, path)
        if check_suffix(path) == ".npy":
            save_array(path, self.heatmap)
        else:
            save_picture(path, self._core.render(what))

    # ---- In the photo --------------------------------------------------------------------

    @property
    def source_area(self) -> SourceArea | None:
        """The area of the picture that the network saw; None where that is unknown.

        It is unknown only for explanations that a version without `source_area` pickled.
        """
        from .in_the_photo import area_of

        return area_of(self._core)

    @property
    def original_size(self) -> tuple[int, int] | None:
        """Height and width of the picture, upright; None where they are unknown."""
        area = self.source_area
        return None if area is None else (area.image_height, area.image_width)

    def map_to_original(self) -> npt.NDArray[np.float32]:
        """Bring the heat map to the picture's own size.

        Returns
        -------
        float32 (height, width) of the picture, in [0, 1]
            0 where the network did not look. Elsewhere `heatmap`, interpolated linearly: element j
            of its n columns has its centre at ``x = left + (j + 1/2) * width / n`` of the picture,
            where left and width are those of `source_area` and pixel i covers i to i + 1; rows are
            alike.

        Raises
        ------
        InvalidArgumentError
            The size is unknown; see `source_area`.

        Examples
        --------
        >>> import numpy as np
        >>> import gradcampp_swift as gcpp
        >>> photo = np.zeros((300, 400, 3), np.uint8)
        >>> e = gcpp.load("box").explain(photo)
        >>> e.heatmap.shape, e.map_to_original().shape
        ((224, 224), (300, 400))
        """
        return self._map(original=True)

    def mask(self, threshold: float = 0.5, original: bool = True) -> npt.NDArray[np.bool_]:
        """Find where the map is above a share of its largest value.

        Parameters
        ----------
        threshold
            The share, 0 to less than 1.
        original
            Whether in pixels of the whole picture; else in those of `heatmap`.

        Returns
        -------
        bool (height, width)
            All false for a map without evidence.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `threshold` is not as above.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> e = gcpp.load("box").explain(gcpp.samples()[0])
        >>> bool(e.mask(0.8).sum() < e.mask(0.2).sum())
        True
        """
        from .in_the_photo import above

        return above(self._map(original), threshold)

    def boxes(self, threshold: float = 0.5, original: bool = True) -> list[Box]:
        """Draw a box around each connected part of the mask.

        Parameters
        ----------
        threshold, original
            As for `mask`. Pixels are connected by sides and corners.

        Returns
        -------
        list of (x0, y0, x1, y1)
            Columns x0 to x1 - 1 and rows y0 to y1 - 1; the part with the largest sum of the map
            comes first. Empty for a map without evidence.

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            As for `mask`.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> e = gcpp.load("box").explain(gcpp.samples()[0])
        >>> x0, y0, x1, y1 = e.boxes(0.5)[0]
        """
        from .in_the_photo import boxes_above

        return boxes_above(self._map(original), threshold)

    def overlay_rgba(
        self, alpha: float = 0.6, colormap: str = "jet", original: bool = True
    ) -> npt.NDArray[np.uint8]:
        """Draw the map as a transparent picture to lay over the photo.

        Parameters
        ----------
        alpha
            Opacity where the map is 1, more than 0, at most 1; elsewhere it is proportional to the
            map, so that what has no evidence stays clear.
        colormap
            One of `colormaps()`.
        original
            Whether in pixels of the whole picture; else in those of `heatmap`.

        Returns
        -------
        uint8 RGBA (height, width, 4), colours not multiplied by alpha

        Raises
        ------
        InvalidArgumentError, WrongTypeError
            `alpha` lies outside its range, or there is no such colour map.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> from PIL import Image
        >>> path = gcpp.samples()[0]
        >>> e = gcpp.load("box").explain(path)
        >>> photo = Image.open(path).convert("RGBA")
        >>> photo.alpha_composite(Image.fromarray(e.overlay_rgba()))
        """
        from .in_the_photo import colored

        return colored(self._map(original), alpha, colormap)

    def _map(self, original: bool) -> npt.NDArray[np.float32]:
        from .in_the_photo import map_in_photo

        return map_in_photo(self._core) if original else self._core.heatmap

    # ---- In a notebook -------------------------------------------------------------------

    def _repr_html_(self) -> str:
        from .notebook.display import html

        return html(self._core, self._shown(), self.predictions)

    def _repr_png_(self) -> bytes:
        from .notebook.display import png

        return png(self._core)

    def plot(self, ax: Axes | None = None, alpha: float = 0.3, colormap: str = "jet") -> Axes:
        """Draw the overlay on axes of matplotlib, which is installed by `gradcampp-swift[plot]`.

        Parameters
        ----------
        ax
            The axes; None makes a figure.
        alpha
            Opacity of the heat map, more than 0, at most 1.
        colormap
            One of `colormaps()`.

        Returns
        -------
        matplotlib.axes.Axes
            Its last image is the heat map, with values in [0, 1]: `ax.figure.colorbar` takes it.

        Raises
        ------
        MissingPackageError
            matplotlib is not installed.
        InvalidArgumentError, WrongTypeError
            `alpha` lies outside its range, or there is no such colour map.

        Examples
        --------
        >>> import gradcampp_swift as gcpp
        >>> e = gcpp.load("box").explain(gcpp.samples()[0])
        >>> ax = e.plot()  # doctest: +SKIP
        >>> ax.figure.colorbar(ax.images[-1])  # doctest: +SKIP
        """
        from .notebook.display import plot

        return plot(self._core, self._shown(), ax, alpha, colormap)

    def _shown(self) -> Shown:
        from .notebook.display import Shown

        is_logit = self._core.target_kind == Logit.kind
        return Shown(self._title, self._measure, self._target if is_logit else None)

    # ---- Python --------------------------------------------------------------------------

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.cam.shape))
        said = f"asked={self.asked!r}, score={self.score:.4g}"
        if self._target is not None and self._core.target_kind == Logit.kind:
            index, label, probability, _ = self._target
            said = f"target={index}, label={label!r}, probability={probability:.4g}"
        return f"Explanation({said}, method={self.method!r}, layer={self.layer!r}, cam={shape})"

    def __reduce__(self) -> tuple[Any, ...]:
        from .pickling import parts_of

        parts = parts_of(self._core)
        return _restore, (parts, self._target, self.predictions, self.asked, self._title)


def _restore(
    parts: dict[str, Any],
    target: Prediction | None,
    predictions: list[Prediction],
    asked: Value | None = None,
    title: str | None = None,
) -> Explanation:
    """Make an explanation again in the process that unpickles it."""
    if asked is None or title is None:  # an earlier version pickled it, which knew logits alone
        logit = predictions[0] if target is None else target
        asked, title = Logit(logit.index), logit.label
    from .pickling import core_of

    return Explanation(core_of(parts), target, predictions, asked, title)
