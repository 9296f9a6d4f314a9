"""The page: HTML with everything in it, that loads nothing and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ...classes.predictions import percent
from ...errors import one_line
from ..run.record import Record
from .layers import Layers

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_SURROGATES = re.compile("[\ud800-\udfff]")


class Summary(NamedTuple):
    """What the head of the page says."""

    settings: dict[str, Any]
    explained: int
    failed: Sequence[Record]
    shown: Sequence[Record]
    """Those of the explained pictures that the page shows."""


def page(summary: Summary, cards: Iterable[tuple[Record, Layers]]) -> Iterator[str]:
    """Write the page, part by part.

    Parameters
    ----------
    summary
        What the head says.
    cards
        The pictures that are shown, with their layers; asked for one by one.
    """
    style, script = _asset("page.css"), _asset("page.js")
    yield _HEAD.format(
        title=_text(_title(summary)),
        policy=f"default-src 'none'; img-src data:; style-src {_source(style)}; "
        f"script-src {_source(script)}; base-uri 'none'; form-action 'none'",
        style=style,
        about=_about(summary),
        options=_options(summary.shown),
        opacity=_OPACITY,
    )
    for number, (record, layers) in enumerate(cards):
        yield _card(record, layers, number)
    yield "</ul>\n"
    yield from _failures(summary.failed)
    yield _TAIL.format(script=script, opacity=_OPACITY)


_OPACITY = (
    '<label class="opacity">Heat map <input type="range" min="0" max="100" value="45"> '
    "<output>45 %</output></label>"
)

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{about}<p class="keys">Arrow keys move between pictures, Enter enlarges one, Escape closes it.</p>
</header>
<div class="controls" role="group" aria-label="Pictures shown">
<label>Class <select id="class">{options}</select></label>
<label>Sort <select id="sort"><option value="file">by name</option>\
<option value="most">most certain first</option>\
<option value="least">least certain first</option></select></label>
{opacity}
<span id="count" role="status"></span>
</div>
<main>
<ul id="gallery">
"""

_TAIL = """</main>
<dialog id="viewer" aria-label="One picture">
<div class="view"></div>
<div class="facts"></div>
{opacity}
<div class="buttons"><button type="button" id="previous">&larr; Previous</button>
<button type="button" id="next">Next &rarr;</button>
<button type="button" id="close" autofocus>Close</button></div>
</dialog>
<script>{script}</script>
</body>
</html>
"""


def _card(record: Record, layers: Layers, number: int) -> str:
    probability = float(record["probability"])
    images = '<span class="missing">its files are not there</span>'
    if layers.photo:
        size = f'width="{layers.width}" height="{layers.height}"'
        name = _text(f"{record['file']}: {record['label']}")
        images = f'<img class="photo" {size} loading="lazy" alt="{name}" src="{layers.photo}">'
    if layers.map:
        images += f'<img class="map" loading="lazy" alt="" src="{layers.map}">'
    blank = ""
    if record.get("has_evidence") is False:
        blank = '<span class="missing">no evidence: the map is blank</span>'
    boxes = "; ".join(f"{x0}, {y0} to {x1}, {y1}" for x0, y0, x1, y1 in record.get("boxes") or [])
    return (
        f'<li><button type="button" class="card" data-class="{_text(_group(record))}" '
        f'data-probability="{probability!r}" data-number="{number}" data-boxes="{_text(boxes)}">'
        f'<span class="view">{images}</span>'
        f'<span class="line"><bdi class="label">{_text(record["label"])}</bdi> '
        f'<span class="percent">{_text(percent(probability))}</span></span>'
        f'<progress max="1" value="{probability:.4f}" aria-hidden="true"></progress>'
        f'<bdi class="file">{_text(record["file"])}</bdi>{blank}</button></li>\n'
    )


def _failures(failed: Sequence[Record]) -> Iterator[str]:
    if not failed:
        return
    yield f'<section id="failed">\n<h2>Set aside: {len(failed)}</h2>\n<dl>\n'
    for record in failed:
        yield f"<dt><bdi>{_text(record['file'])}</bdi></dt>\n<dd>{_text(record['reason'])}</dd>\n"
    yield "</dl>\n</section>\n"


def _title(summary: Summary) -> str:
    folder = str(summary.settings.get("folder", "")).rstrip("/")
    return os.path.basename(folder) or folder or "Explanations"


def _about(summary: Summary) -> str:
    """Say in a paragraph or two what the page shows."""
    settings = summary.settings
    parts = [f"{summary.explained} explained"]
    if summary.failed:
        parts.append(f'<a href="#failed">{len(summary.failed)} set aside</a>')
    parts += [_text(str(settings[name])) for name in ("method", "layer") if name in settings]
    lines = f"<p>{' &middot; '.join(parts)}</p>\n"
    if len(summary.shown) < summary.explained:
        lines += (
            f"<p>The page shows {len(summary.shown)} of them, evenly spread; "
            "<code>--limit</code> changes how many.</p>\n"
        )
    return lines


def _options(shown: Sequence[Record]) -> str:
    """List the classes that are there, the most frequent first."""
    counts = Counter((_group(record), str(record["label"])) for record in shown)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    options = [f'<option value="">all ({len(shown)})</option>']
    options += [
        f'<option value="{_text(group)}">{_text(label)} ({count})</option>'
        for (group, label), count in ordered
    ]
    return "".join(options)


def _group(record: Record) -> str:
    """Name what is explained in a way that a class and its opposite differ."""
    kind = str(record.get("target_kind", "logit"))
    return f"{'' if kind == 'logit' else kind + ' '}{int(record['class'])}"


def _text(text: str) -> str:
    """Escape what is HTML, and what could break a line; what is no character becomes U+FFFD."""
    return html.escape(one_line(_SURROGATES.sub("\ufffd", text)), quote=True)


def _asset(name: str) -> str:
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
        return file.read()


def _source(content: str) -> str:
    """Name an inline style or script by its hash, so that no other one is taken."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
