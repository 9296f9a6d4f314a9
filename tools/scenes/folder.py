"""Scenes as files, in the layout that `gradcampp evaluate` reads."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from .scene import Scene, scene
from .shapes import LABELS

FIELDS = ("file", "label", "x0", "y0", "x1", "y1")


def write(folder: Path, seed: int, indices: Iterable[int], split: str) -> None:
    """Write scenes as NAME.png, their masks as masks/NAME.png, their boxes as boxes.csv.

    boxes.csv has a line for each instance, the labelled class first: the picture's file name, the
    class, and the box in half-open pixels. In a mask, 8 bits a pixel, 0 is background and k the
    instance of the picture's k-th line.
    """
    masks = folder / "masks"
    masks.mkdir(parents=True, exist_ok=True)
    with (folder / "boxes.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(FIELDS)
        for index in indices:
            made = scene(seed, index, split)
            name = f"{split}-{index:06d}-{'-'.join(LABELS[label] for label in made.labels)}.png"
            Image.fromarray(made.image).save(folder / name)
            Image.fromarray(numbered(made)).save(masks / name)
            for instance in made.instances:
                lines.writerow([name, LABELS[instance.label], *instance.box])


def numbered(made: Scene) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Give each pixel the number of the instance it shows, from 1; 0 is background."""
    mask = np.zeros(made.image.shape[:2], np.uint8)
    for number, instance in enumerate(made.instances, start=1):
        mask[instance.mask] = number
    return mask


def sheet(seed: int, columns: int, rows: int, split: str) -> Image.Image:
    """Put scenes side by side, from the first of a seed on."""
    images = [scene(seed, index, split).image for index in range(rows * columns)]
    lines = [np.hstack(images[row * columns : (row + 1) * columns]) for row in range(rows)]
    return Image.fromarray(np.vstack(lines))
