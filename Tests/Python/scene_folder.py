"""A folder of scenes with ground truth, and the command that measures it."""

import csv

import gradcampp_swift as gcpp
import numpy as np
from PIL import Image

MODULE = ("-m", "gradcampp_swift")
PROGRAM = "python -m gradcampp_swift evaluate: "


def evaluate(place, *arguments, **options):
    return place.run("evaluate", *arguments, image=None, start=MODULE, **options)


def make_scenes(place):
    """Five pictures of 64x64 and one of 100x64 with bright rectangles, boxes and some masks."""
    folder = place.folder / "scenes"
    (folder / "masks").mkdir(parents=True)
    random = np.random.default_rng(20)
    lines = ["file,label,x0,y0,x1,y1"]
    model = gcpp.load(place.folder / "models" / "vgg16.npy")
    for number in range(6):
        width = 100 if number == 5 else 64
        pixels = random.integers(0, 60, (64, width, 3))
        mask = np.zeros((64, width), np.uint8)
        for instance in (1, 2):
            x, y = random.integers(20, 40, 2)
            pixels[y : y + 20, x : x + 16] = random.integers(100, 255, 3)
            mask[y : y + 20, x : x + 16] = instance
            lines.append(f"{number}.png,?,{x},{y},{x + 16},{y + 20}")
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
        predicted = model.predict(folder / f"{number}.png", 1)[0].label
        # Both instances are of the predicted class, but for picture 3: one, and 4: none.
        label = [predicted, predicted]
        other = str((int(predicted) + 1) % 10)
        label = {3: [other, predicted], 4: [other, other]}.get(number, label)
        lines[-2:] = [line.replace("?", name) for line, name in zip(lines[-2:], label, strict=True)]
        if number not in (0, 2):
            Image.fromarray(mask).save(folder / "masks" / f"{number}.png")
    (folder / "boxes.csv").write_text("\n".join(lines) + "\n")
    return folder


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def place_model(place):
    return gcpp.load(place.folder / "models" / "vgg16.npy")
