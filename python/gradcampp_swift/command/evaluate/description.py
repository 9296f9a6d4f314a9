"""What the files of an evaluation hold, and what its numbers depend on."""

from __future__ import annotations

import argparse
import hashlib
import os
import textwrap
from collections.abc import Sequence
from typing import Any

from ...files import read_text_file
from ...metrics import METRICS
from ...model import Model
from ...settings.request import Request
from ..record_file import made_by
from .results import SETTINGS_SUFFIX

OPTIONAL = tuple(metric.name for metric in METRICS if metric.is_optional)
"""Metrics that are computed only when asked for."""


def settings_of(
    options: argparse.Namespace, model: Model, requests: Sequence[Request]
) -> dict[str, Any]:
    """List what the numbers depend on; requests differ by their methods alone."""
    masks = os.path.join(options.folder, "masks")
    shared = {name: value for name, value in requests[0].record().items() if name != "method"}
    return {
        **made_by(model),
        "folder": os.path.realpath(options.folder),
        **shared,
        "methods": [request.method for request in requests],
        "target": options.target,
        "with": [name for name in OPTIONAL if name in options.optional],
        "boxes_sha256": None if options.boxes is None else _hash(options.boxes),
        "masks": options.boxes is not None and os.path.isdir(masks),
        "seed": options.seed,
    }


def _hash(path: str) -> str:
    return hashlib.sha256(read_text_file(path, "boxes")).hexdigest()


def describe_files() -> str:
    """Describe the files and columns, from the catalogue."""
    paragraphs = [
        "The file of boxes is CSV with the header file,label,x0,y0,x1,y1 and a line for each "
        "instance: the picture's name, a label of the model or else its class index, and pixels "
        "of the upright picture, x0 <= x < x1 and y0 <= y < y1. FOLDER/masks/NAME.png, where it "
        "exists, is the mask of NAME.jpg or NAME.png: one channel of 8 bits, 0 = background, k = "
        "the instance of the k-th line of that picture. Boxes and masks are brought to what the "
        "network sees of it, see --crop. Localisation counts instances of the explained "
        "class; where none is in view its cells are empty.",
        f"Columns of --csv, with OUT{SETTINGS_SUFFIX} beside it, which says how it was made:",
    ]
    columns = [
        ("file, method", "the picture and the method of the map"),
        ("predicted, class", "labels of the predicted and of the explained class"),
        ("probability", "of the explained class"),
        ("sha256", "of the picture's file"),
        ("labelled", "with boxes: the label of the picture's first line"),
        ("instances", "with boxes: instances of the explained class in view"),
        ("mask_sha256", "with boxes: of the mask's file, empty where there is none"),
    ]
    for metric in METRICS:
        needs = {"": "", "boxes": "with boxes: ", "masks": "with masks: "}[metric.needs]
        if metric.is_optional:
            needs += f"--with {metric.name}: "
        for column in metric.columns:
            name = column.name + ("_LAYER" if metric.per_layer else "")
            columns.append((name, needs + column.meaning))
    wrapped = [textwrap.fill(text, 90) for text in paragraphs]
    rows = [
        textwrap.fill(f"{name:24}{meaning}", 90, initial_indent="  ", subsequent_indent=" " * 26)
        for name, meaning in columns
    ]
    return "\n\n".join(wrapped) + "\n" + "\n".join(rows).replace("%", "%%")
