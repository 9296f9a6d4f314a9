"""How an explanation shows itself: as HTML, as a PNG, on axes of matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ... import _core
from ...arguments import check_name, check_share
from ...classes.predictions import Prediction
from ...errors import MissingPackageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALPHA = 0.3
"""The heat map's weight in the 2018 program's overlay, where the slider begins."""

_QUALITY = 90


class Shown(NamedTuple):
    """What is explained, for people."""

    title: str
    """In words."""
    measure: str
    """Its probability or its score."""
    target: Prediction | None
    """The class, where what is explained is what speaks for it."""


def html(core: _core.Explanation, shown: Shown, predictions: Sequence[Prediction]) -> str:
    """Show input, heat map, overlay with a slider, and the most probable classes."""
    from .page import Page, page

    height, width = core.heatmap.shape
    seen = f"{height} x {width} pixels seen"
    if core.area is not None:
        seen += f" of a picture of {core.area[0]} x {core.area[1]}"
    if not core.cam.any():
        seen += "; no evidence: nothing in the layer speaks for it, so the map is blank"
    said = shown.title if shown.target is not None else f"{shown.title} ({shown.measure})"
    return page(
        Page(
            input=core.render("input").jpeg(_QUALITY),
            heatmap=core.render("heatmap").jpeg(_QUALITY),
            alpha=ALPHA,
            title=shown.title,
            measure=shown.measure,
            target=shown.target,
            predictions=predictions,
            note=f"explained: {said}, by {core.method} at layer {core.layer}; {seen}",
        )
    )


def png(core: _core.Explanation) -> bytes:
    """Show input, heat map and overlay side by side, where a front-end takes no HTML."""
    from PIL import Image

    panels = [core.render(kind).pixels() for kind in ("input", "heatmap", "overlay")]
    data = io.BytesIO()
    Image.fromarray(np.concatenate(panels, axis=1)).save(data, "PNG", optimize=True)
    return data.getvalue()


def plot(
    core: _core.Explanation, shown: Shown, ax: Axes | None, alpha: float, colormap: str
) -> Axes:
    """Draw the overlay on axes of matplotlib; `Explanation.plot` documents it."""
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
    ax.imshow(core.render("input").pixels())
    colors = ListedColormap(table / 255, name=f"gradcampp {colormap}")
    ax.imshow(core.heatmap, cmap=colors, vmin=0, vmax=1, alpha=opacity)
    # A dollar sign would begin a formula.
    title = shown.title.replace("$", r"\$")
    ax.set_title(f"{title}, {shown.measure}")
    ax.set_axis_off()
    return ax
