"""The page of example maps, docs/images/evaluation-examples.jpg."""

from pathlib import Path

import numpy as np
from gradcampp_swift import Model
from PIL import Image

from .splits import METHODS, Split

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "evaluation-examples.jpg"
SIDE = 150
EACH = 4
"""Best and worst scenes of each split."""


def draw(place: Path, measured: list[Split], model: Model) -> list[str]:
    """Draw scenes with their maps, a row for each split's best and worst ones.

    A scene is shown as it is, under Grad-CAM++ and under Grad-CAM.

    Returns
    -------
    list of str
        What each row shows, with the share of the energy that lies on the objects.
    """
    rows, texts = [], []
    for split in measured:
        energy = split.values("energy_mask", METHODS[0])
        files = split.files("energy_mask", METHODS[0])
        order = np.argsort(-energy, kind="stable")
        for words, chosen in (("best", order[:EACH]), ("worst", order[-EACH:])):
            rows.append(np.hstack([_panels(split.folder / files[at], model) for at in chosen]))
            shares = ", ".join(f"{energy[at]:.0%}" for at in chosen)
            texts.append(f"{split.name}, the {words} {EACH} of {len(files)}: {shares}")
    PICTURE.parent.mkdir(exist_ok=True)
    Image.fromarray(np.vstack(rows)).save(PICTURE, quality=85)
    return texts


def _panels(file: Path, model: Model) -> np.ndarray:
    maps = [model.explain(file, method=method) for method in METHODS]
    panels = [maps[0].input, *(each.overlay(0.5) for each in maps)]
    reduced = [np.asarray(Image.fromarray(panel).resize((SIDE, SIDE))) for panel in panels]
    return np.vstack(reduced)
