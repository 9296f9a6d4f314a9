"""The page that an explanation is in a notebook: HTML, CSS and a line of script, nothing fetched.

Front-ends that drop styles or scripts still show pictures, names and numbers. There are no ids,
since a notebook may show one explanation in several cells: the slider finds the pictures beside it.
Colours are those of the notebook, light or dark: the text's, and shades of it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ...classes.predictions import Prediction, percent

_STYLE = """
.gradcampp{display:block;max-width:760px;font-size:13px;line-height:1.45;color:inherit}
.gradcampp-panels{display:flex;flex-wrap:wrap;gap:12px}
.gradcampp figure{margin:0;width:224px;max-width:100%}
.gradcampp figcaption{margin:0 0 3px;opacity:.8}
.gradcampp-picture{position:relative}
.gradcampp-picture img{display:block;width:100%;height:auto;margin:0;border-radius:3px}
.gradcampp-picture img+img{position:absolute;left:0;top:0;height:100%}
.gradcampp-slider{display:flex;align-items:center;gap:8px;margin:4px 0 0}
.gradcampp-slider input{flex:1;min-width:0;margin:0}
.gradcampp-slider output{min-width:2.4em;text-align:right;font-variant-numeric:tabular-nums}
.gradcampp-classes{margin:10px 0 0;max-width:472px}
.gradcampp-class{display:grid;grid-template-columns:minmax(0,11em) 1fr 4.5em;gap:8px;
align-items:center;padding:1px 0}
.gradcampp-class bdi{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.gradcampp-bar{height:9px;border-radius:2px;background:rgba(128,128,128,.22)}
.gradcampp-bar i{display:block;height:100%;border-radius:2px;background:currentColor;opacity:.5}
.gradcampp-explained{font-weight:600}
.gradcampp-explained .gradcampp-bar i{background:#3b82f6;opacity:1}
.gradcampp-number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.gradcampp-note{margin:6px 0 0;opacity:.8}
"""

_SLIDE = (
    "var f=this.closest('figure');"
    "f.querySelector('img+img').style.opacity=this.value;"
    "f.querySelector('output').value=(+this.value).toFixed(2)"
)


class Page(NamedTuple):
    """What the page shows; text as it is, it is escaped here."""

    input: bytes
    """JPEG of what the network saw."""
    heatmap: bytes
    """JPEG of the map in colour, of the same size."""
    alpha: float
    """The map's weight in the overlay at first."""
    title: str
    """What is explained."""
    measure: str
    """Its probability or its score."""
    target: Prediction | None
    """The class that is marked among the others; None where none is explained."""
    predictions: Sequence[Prediction]
    """Best first; the target may be missing."""
    note: str


def page(shown: Page) -> str:
    """Write the page.

    Returns
    -------
    str
        One element, which needs nothing from outside.
    """
    title = f"{shown.title} ({shown.measure})"
    lower = _image(shown.input, "what the network saw")
    upper = _image(shown.heatmap, f"where the evidence for {shown.title} lies")
    style = f' style="opacity:{shown.alpha:g}"'
    over = _image(shown.heatmap, "", style)
    slider = (
        f'<label class="gradcampp-slider"><span>opacity</span><input type="range" min="0" max="1" '
        f'step="0.01" value="{shown.alpha:g}" oninput="{_SLIDE}">'
        f"<output>{shown.alpha:.2f}</output></label>"
    )
    return (
        f'<div class="gradcampp"><style>{_STYLE}</style><div class="gradcampp-panels">'
        f"{_figure('input', lower)}{_figure('heat map', upper)}"
        f"{_figure('overlay', lower + over, slider)}</div>"
        f'<div class="gradcampp-classes" role="list" aria-label="{escape(title)}">'
        f"{''.join(_row(each, shown.target) for each in _rows(shown))}</div>"
        f'<div class="gradcampp-note">{escape(shown.note)}</div></div>'
    )


def _image(data: bytes, description: str, style: str = "") -> str:
    source = base64.b64encode(data).decode("ascii")
    return f'<img src="data:image/jpeg;base64,{source}" alt="{escape(description)}"{style}>'


def _figure(caption: str, images: str, slider: str = "") -> str:
    return (
        f'<figure><figcaption>{caption}</figcaption><div class="gradcampp-picture">{images}</div>'
        f"{slider}</figure>"
    )


def _rows(shown: Page) -> list[Prediction]:
    """List the classes to show: a target that is not among the best comes after them."""
    rows = list(shown.predictions)
    target = shown.target
    if target is None or any(each.index == target.index for each in rows):
        return rows
    return [*rows, target]


def _row(each: Prediction, target: Prediction | None) -> str:
    explained = target is not None and each.index == target.index
    label = escape(each.label)
    return (
        f'<div class="gradcampp-class{" gradcampp-explained" if explained else ""}" '
        f'role="listitem"><bdi title="{label}">{label}</bdi>'
        f'<div class="gradcampp-bar"><i style="width:{100 * each.probability:.2f}%"></i></div>'
        f'<div class="gradcampp-number">{escape(percent(each.probability))}</div></div>'
    )
