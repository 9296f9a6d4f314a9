"""Make the pictures of the documentation from photos, samples and two networks.

Usage: python tools/make_docs_pictures.py, with gradcampp_swift and its extra `photos` installed
"""

from __future__ import annotations

import io
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import numpy.typing as npt
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
GAP = 8
LARGEST = 100_000

Picture = npt.NDArray[np.uint8]


def sample(name: str) -> str:
    """Find a sample's path by the name of its file."""
    return next(path for path in gcpp.samples() if Path(path).stem == name)


def save_row(name: str, pictures: list[Picture]) -> None:
    """Save pictures side by side, with white between, as a JPEG of less than 100 kB."""
    gap = np.full((pictures[0].shape[0], GAP, 3), 255, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)][1:]
    file = io.BytesIO()
    Image.fromarray(np.hstack(parts)).save(file, "JPEG", quality=88, optimize=True)
    data = file.getvalue()
    if len(data) >= LARGEST:
        raise SystemExit(f"error: {name} has {len(data)} bytes, less than {LARGEST} are wanted")
    (FOLDER / name).write_bytes(data)
    print(f"{FOLDER / name}: {len(data)} bytes")


def main() -> None:
    """Write every picture that the pages show, beside those of other tools."""
    photos = gcpp.load("efficientnet-lite0")
    maps = [photos.explain(ROOT / "images" / f"{name}.jpg") for name in ("chelsea", "coffee")]
    save_row("photos.jpg", [picture for e in maps for picture in (e.input, e.overlay(alpha=0.5))])

    model = gcpp.load("box")
    pair = sample("arrow_and_star")

    e = model.explain(pair)
    save_row("quick-start.jpg", [e.input, e.heatmap_rgb(), e.overlay()])

    gears = sample("three_gears")
    maps = [model.explain(gears, method=method) for method in ("gradcam++", "gradcam")]
    save_row("methods.jpg", [maps[0].input, *(e.overlay(alpha=0.5) for e in maps)])

    layers = ("conv3_3", "conv4_3", "conv5_3")
    maps = [model.explain(gears, layer=layer) for layer in layers]
    save_row("layers.jpg", [maps[0].input, *(e.overlay(alpha=0.5) for e in maps)])

    maps = [
        e
        for method in ("gradcam++", "gradcam")
        for e in model.explain(pair, target=["arrow", "star"], method=method)
    ]
    save_row("classes.jpg", [maps[0].input, *(e.overlay(alpha=0.5) for e in maps)])


if __name__ == "__main__":
    main()
