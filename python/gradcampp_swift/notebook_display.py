"""How an explanation shows itself in notebooks, and on axes of matplotlib."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from . import _core
from .arguments import check_name, check_share
from .errors import MissingPackageError
from .predictions import Prediction, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALPHA = 0.3
"""The heat map's weight in the 2018 program's overlay, where the slider begins."""

_QUALITY = 90


class NotebookDisplay:
    """How `Explanation` shows itself."""

    __slots__ = ()

    _core: _core.Explanation
    target: Prediction
    predictions: list[Prediction]

    def _repr_html_(self) -> str:
        """Show input, heat map, overlay with a slider, and the most probable classes."""
        from .notebook_html import Page, page

        core = self._core
        height, width = core.heatmap.shape
        seen = f"{height} x {width} pixels seen"
        if core.source is not None:
            seen += f" of a picture of {core.source[0]} x {core.source[1]}"
        return page(
            Page(
                input=core.render("input").jpeg(_QUALITY),
                heatmap=core.render("heatmap").jpeg(_QUALITY),
                alpha=ALPHA,
                target=self.target,
                predictions=self.predictions,
                note=f"explained: {self.target.label}, by {core.method} at layer {core.layer}; "
                f"{seen}",
            )
        )

    def _repr_png_(self) -> bytes:
        """Show input, heat map and overlay side by side, where a front-end takes no HTML."""
        from PIL import Image

        panels = [self._core.render(kind).pixels() for kind in ("input", "heatmap", "overlay")]
        data = io.BytesIO()
        Image.fromarray(np.concatenate(panels, axis=1)).save(data, "PNG", optimize=True)
        return data.getvalue()

    def plot(self, ax: Axes | None = None, alpha: float = ALPHA, colormap: str = "jet") -> Axes:
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
        >>> e = gcpp.load().explain(gcpp.samples()[0])
        >>> ax = e.plot()  # doctest: +SKIP
        >>> ax.figure.colorbar(ax.images[-1])  # doctest: +SKIP
        """
        opacity = check_share(alpha, "alpha")
        table = _core.colormap_table(check_name(colormap, "colormap"))
        try:
            from matplotlib.colors import ListedColormap
        except ImportError:
            raise MissingPackageError(
                "plot needs matplotlib, which is not installed: pip install matplotlib"
            ) from None
        if ax is None:
            from matplotlib import pyplot

            ax = pyplot.subplots()[1]
        ax.imshow(self._core.render("input").pixels())
        colors = ListedColormap(table / 255, name=f"gradcampp {colormap}")
        ax.imshow(self._core.heatmap, cmap=colors, vmin=0, vmax=1, alpha=opacity)
        # A dollar sign would begin a formula.
        label = self.target.label.replace("$", r"\$")
        ax.set_title(f"{label}, {percent(self.target.probability)}")
        ax.set_axis_off()
        return ax
