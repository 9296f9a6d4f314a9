"""A folder of pictures with folders below, awkward names and broken files, and its run."""

import json
import sys

import numpy as np
from PIL import Image

MODULE = ("-m", "gradcampp_swift")
PROGRAM = "python -m gradcampp_swift run: "
PYTHON = sys.executable

BROKEN = {"bad.jpg": b"\xff\xd8\xff broken", "sub/empty.png": b""}

NAMES = [
    "a.jpg",
    "a.png",
    "bad.jpg",
    "new\nline <b>.png",
    "sub/a.jpg",
    "sub/a.jpg.npy/deep.png",
    "sub/empty.png",
    "sub/manifest.jsonl/m.jpg",
    "z\udcff.JPG",
]
"""In the order in which they come."""


def picture(random, width=80, height=64):
    return Image.fromarray(random.integers(0, 256, (height, width, 3), dtype=np.uint8))


def make_pictures(folder, names=NAMES):
    random = np.random.default_rng(30)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in BROKEN:
            path.write_bytes(BROKEN[name])
        else:
            with path.open("wb") as file:
                kind = "PNG" if name.endswith(".png") else "JPEG"
                picture(random).save(file, format=kind)
    return folder


def records(output):
    return [json.loads(line) for line in (output / "manifest.jsonl").read_bytes().splitlines()]


def tree(output):
    """Every file of a run with its bytes."""
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }
