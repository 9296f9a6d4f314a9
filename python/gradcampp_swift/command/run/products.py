"""What is written for each picture, and under which name."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...explanations.explanation import Explanation

_LONGEST_NAME = 200
"""Bytes of a file or folder's name; file systems take 255, and suffixes follow."""

_TAKEN_SUFFIXES = re.compile(r"\.(npy|png|jpg|jsonl|json|html|tmp)_*\Z")


class Product(NamedTuple):
    """One of the files that are written for a picture."""

    name: str
    suffix: str
    """What follows the name of the picture, its own suffix included."""

    meaning: str
    encode: Callable[[Explanation], bytes]


def _numbers(explanation: Explanation) -> bytes:
    file = io.BytesIO()
    np.save(file, explanation.heatmap)
    return file.getvalue()


def _grey(explanation: Explanation) -> bytes:
    from PIL import Image

    levels = np.rint(65535 * explanation.heatmap.astype(np.float64)).astype(np.uint16)
    file = io.BytesIO()
    # Higher levels of compression take three times as long and save nothing here.
    Image.fromarray(levels).save(file, format="PNG", compress_level=3)
    return file.getvalue()


def _overlay(explanation: Explanation) -> bytes:
    return explanation._core.render("overlay").jpeg(90)


def _input(explanation: Explanation) -> bytes:
    return explanation._core.render("input").jpeg(90)


PRODUCTS = (
    Product("npy", ".npy", "the heat map's numbers, float32 from 0 to 1", _numbers),
    Product("png16", ".png", "the heat map as 16-bit grey, 65535 for 1", _grey),
    Product("overlay", ".overlay.jpg", "the heat map over what the network saw", _overlay),
    Product("input", ".input.jpg", "what the network saw, for the report", _input),
)
"""All there are, in the order in which they are written."""


def product_path(file: str, product: Product) -> str:
    """Name the file of a product, relative to the run's folder.

    Different pictures, and the run's own files, get different names: a picture's whole name stays
    in front, and a folder whose name ends like a written file gets an underscore. A name of more
    than 200 bytes is cut and gets a hash of the whole.

    Examples
    --------
    >>> product_path("zoo/a.jpg", PRODUCTS[2])
    'zoo/a.jpg.overlay.jpg'
    >>> product_path("a.jpg.npy/b.png", PRODUCTS[0])
    'a.jpg.npy_/b.png.npy'
    """
    *folders, name = file.split("/")
    parts = [_shortened(part + "_" * bool(_TAKEN_SUFFIXES.search(part))) for part in folders]
    return "/".join([*parts, _shortened(name) + product.suffix])


def _shortened(name: str) -> str:
    data = os.fsencode(name)
    if len(data) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(data).hexdigest()[:32]
    return f"{data[: _LONGEST_NAME - 40].decode('utf-8', 'ignore')}~{digest}"
