"""`python -m evaluation.photos`: measure maps of photos that well-known packages ship.

Needs the extra `photos`, scikit-image and scikit-learn; writes `photos.md`, a part of the page.
"""

import csv
import importlib.util
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
from gradcampp_swift import metrics

BOXES = Path(__file__).with_name("photos_boxes.csv")
"""Drawn by hand, in pixels of the photo, around what the predicted class names."""

PART = Path(__file__).with_name("photos.md")
NETWORK = "efficientnet-lite0"

HEAD = """## Photographs

Written by `python -m evaluation.photos`: EfficientNet-Lite0 (`gradcampp models`) on six photos that
scikit-image and scikit-learn ship, for the class that it predicts, by every method. The boxes are
drawn by hand (`evaluation/photos_boxes.csv`). Six photos show that maps of a trained network point
at objects in photos; they rank no methods.

Photos: `chelsea` (Stefan van der Walt, CC0), `coffee` (Rachel Michetti, CC0), `rocket` (SpaceX,
public domain) and `motorcycle_left` (Middlebury stereo benchmark 2014) of scikit-image; `china`
(flickr.com/photos/danielbuechele, CC BY 2.0) and `flower` (flickr.com/photos/vultilion, CC BY 2.0)
of scikit-learn. `Tests/Peers/test_photo_network_peers.py` compares the five best classes' logits
with those of the published network.

"""


def photo(name: str) -> Path:
    """Find a file of an installed package, without importing it."""
    package, _, inner = name.partition("/")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"error: {name} is wanted, and {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)), inner)


def measured(model: gcpp.Model, path: Path, box: tuple[int, ...], method: str) -> list[float]:
    """Energy in the box, the box's share of what is seen, pointing, deletion, insertion."""
    e = model.explain(path, method=method)
    region = np.zeros(e.map_to_original().shape, bool)
    region[box[1] : box[3], box[0] : box[2]] = True
    seen = np.zeros_like(region)
    area = e.source_area
    seen[area.top : area.top + area.height, area.left : area.left + area.width] = True
    score = metrics.ProbabilityScore(model, e.target)
    return [
        metrics.energy_inside(e.map_to_original(), region),
        float((region & seen).sum() / seen.sum()),
        float(metrics.pointing_game(e.map_to_original(), region)),
        metrics.deletion(e.input, e.heatmap, score).area,
        metrics.insertion(e.input, e.heatmap, score).area,
    ]


def main() -> None:
    """Write the part."""
    model = gcpp.load(NETWORK)
    with BOXES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "| photo | class | method | energy in the box | the box's area | deletion | insertion |"
    ]
    lines.append("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    hits = dict.fromkeys(gcpp.methods(), 0)
    for row in rows:
        path = photo(row["file"])
        best = model.predict(path, top=1)[0]
        if best.label != row["label"]:
            raise SystemExit(f"error: {path.name} is seen as {best.label}, not {row['label']}")
        box = tuple(int(row[side]) for side in ("x0", "y0", "x1", "y1"))
        for method in gcpp.methods():
            energy, share, hit, deletion, insertion = measured(model, path, box, method)
            hits[method] += int(hit)
            lines.append(
                f"| `{path.stem}` | {best.label}, {best.probability:.2f} | {method} | "
                f"{energy:.2f} | {share:.2f} | {deletion:.3f} | {insertion:.3f} |"
            )
    said = ", ".join(f"{method} {count}" for method, count in hits.items())
    text = (
        f"{HEAD}{chr(10).join(lines)}\n\nLargest value in the box, of {len(rows)} photos: {said}.\n"
    )
    PART.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
