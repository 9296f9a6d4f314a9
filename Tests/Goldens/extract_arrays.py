"""Write the arrays that the Swift tests read to `arrays/`, as bare little-endian numbers.

usage: python extract_arrays.py

Needs NumPy and Pillow. Sources are `cases/*.npz`, `images/*.png` and the colour table. A file is
named CASE_or_IMAGE.KEY.TYPE, TYPE being u8, f32 or f64. Of `preprocessed` only every fourth row is
kept. `edge.*` is a small resize worked out here from the definition in README.md, step 2.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent
IMAGES = ("rocket", "synth_land", "tiny_60x50")
KEYS = {
    "s11_rocket_pred": (
        "preprocessed", "panel_input_rgb", "grad_CAM_map", "cam", "gb_grad",
        "panel_heatmap_rgb", "panel_overlay_rgb", "panel_guided_rgb",
    ),
    "s11_synth_land_png_pred": ("preprocessed", "panel_input_rgb"),
    "s12_tiny_l283": ("grad_CAM_map", "cam", "panel_overlay_rgb"),
}  # fmt: skip
TYPES = {np.dtype("u1"): "u8", np.dtype("f4"): "f32", np.dtype("f8"): "f64"}


def write(name: str, array: np.ndarray) -> None:
    """Write one array."""
    path = FOLDER / "arrays" / f"{name}.{TYPES[array.dtype]}"
    path.write_bytes(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())


def value(source: np.ndarray, row: float, column: float) -> np.ndarray:
    """One bilinear value, pixels outside counting as 0."""
    total = np.zeros(source.shape[2])
    for r in range(source.shape[0]):
        for c in range(source.shape[1]):
            near = max(0.0, 1 - abs(r - row)) * max(0.0, 1 - abs(c - column))
            total += near * source[r, c]
    return total


def resize(source: np.ndarray, height: int, width: int) -> np.ndarray:
    """The resize of README.md, step 2, value by value."""
    result = np.zeros((height, width, source.shape[2]))
    for i in range(height):
        for j in range(width):
            row = (i + 0.5) * source.shape[0] / height - 0.5
            column = (j + 0.5) * source.shape[1] / width - 0.5
            result[i, j] = value(source, row, column)
    return np.clip(result, source.min(), source.max())


def main() -> None:
    """Write every array."""
    (FOLDER / "arrays").mkdir(exist_ok=True)
    for image in IMAGES:
        path = FOLDER / "images" / f"{image}.png"
        write(f"{image}.rgb", np.asarray(Image.open(path).convert("RGB")))
    for case, keys in KEYS.items():
        arrays = np.load(FOLDER / "cases" / f"{case}.npz")
        for key in keys:
            write(f"{case}.{key}", arrays[key][::4] if key == "preprocessed" else arrays[key])
    write("jet.bgr", np.load(FOLDER / "opencv343_jet_bgr_256.npy").reshape(256, 3))
    source = np.random.RandomState(5).uniform(-1, 1, (5, 7, 2))
    write("edge.source", source)
    write("edge.enlarged", resize(source, 11, 9))
    write("edge.reduced", resize(source, 2, 3))
    write("edge.positive", resize(source + 2, 11, 9))


if __name__ == "__main__":
    main()
