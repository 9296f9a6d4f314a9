"""`gradcampp evaluate`: its numbers are those of the functions."""

import numpy as np
import pytest
import slow_network
from gradcampp_swift import metrics
from PIL import Image
from scene_folder import evaluate, place_model, table

BASE = ["file", "method", "predicted", "class", "probability", "sha256"]
CONFIDENCE = ["explained_probability", "drop", "increase"]
BOXES = [
    *["loc_0", "loc_0.25", "loc_0.5"],
    *["pointing", "instances_found", "energy_boxes", "area_boxes"],
]
MASKS = ["energy_mask", "area_mask"]


def test_numbers_are_those_of_the_functions(place, scenes):
    done = evaluate(
        place, "scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv",
        "--with", "randomisation,deletion,insertion", "--seed", "3",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    rows = table(place.folder / "out.csv")
    layers = [name for name in reversed(place_model(place).layers) if "pool" not in name]
    assert list(rows[0]) == [
        *BASE, "labelled", "instances", "mask_sha256", *CONFIDENCE, *BOXES, *MASKS, "best_box_iou",
        "deletion", "insertion", *(f"randomised_to_{layer}" for layer in layers),
    ]  # fmt: skip
    assert [(row["file"], row["method"]) for row in rows] == [
        (f"{number}.png", method) for number in range(6) for method in ("gradcam++", "gradcam")
    ]
    for row in rows:
        check_row(place, scenes, row, layers)


def check_row(place, scenes, row, layers):
    """Compute one row again, from the contract's functions alone."""
    model = place_model(place)
    number = int(row["file"][0])
    explanation = model.explain(scenes / row["file"], method=row["method"])
    heatmap, target = explanation.heatmap, explanation.target
    weights = np.load(place.folder / "models" / "vgg16.npy", allow_pickle=True).item()
    pixels = np.asarray(Image.open(scenes / row["file"]))
    pixels = pixels[:, (pixels.shape[1] - 64) // 2 :][:, :64]
    assert row["predicted"] == row["class"] == target.label
    probability = pytest.approx(target.probability, rel=1e-8)
    assert float(row["probability"]) == probability

    def score(picture):
        return slow_network.softmax(slow_network.forward(weights, picture).logits)[target.index]

    # The slow network computes in float64, the other one in float32.
    explained = score(metrics.explanation_map(pixels, heatmap))
    assert float(row["explained_probability"]) == pytest.approx(explained, rel=1e-5)
    drop = metrics.drop_percent(target.probability, explained)
    assert float(row["drop"]) == pytest.approx(drop, abs=1e-3)
    assert row["increase"] == str(int(explained > target.probability))
    for name, curve in (("deletion", metrics.deletion), ("insertion", metrics.insertion)):
        area = curve(pixels / 255, heatmap, score).area
        assert float(row[name]) == pytest.approx(area, rel=1e-5)
    networks = dict(metrics.cascade(model, weights, seed=3))
    for layer in (layers[0], layers[5], layers[-1]):
        cam = networks[layer].explain(scenes / row["file"], target, method=row["method"]).cam
        correlation = metrics.rank_correlation(explanation.cam, cam)
        assert float(row[f"randomised_to_{layer}"]) == pytest.approx(correlation, abs=1e-8)

    lines = [line for line in table(scenes / "boxes.csv") if line["file"] == row["file"]]
    assert row["labelled"] == lines[0]["label"]
    left = (100 - 64) // 2 if number == 5 else 0
    found = [index for index, line in enumerate(lines, 1) if line["label"] == target.label]
    boxes = []
    for index in found:
        x0, y0, x1, y1 = (int(lines[index - 1][name]) for name in ("x0", "y0", "x1", "y1"))
        boxes.append((max(0, x0 - left), y0, x1 - left, y1))
    assert row["instances"] == str(len(boxes)) == {3: "1", 4: "0"}.get(number, "2")
    if not boxes:
        assert not any(row[name] for name in (*BOXES, *MASKS, "best_box_iou"))
        return
    region = np.zeros((64, 64), bool)
    for x0, y0, x1, y1 in boxes:
        region[y0:y1, x0:x1] = True
    mask = None
    if number not in (0, 2):
        mask = np.asarray(Image.open(scenes / "masks" / row["file"]))[:, left:][:, :64]
        mask = np.isin(mask, found)
    regions = []
    for x0, y0, x1, y1 in boxes:
        within = np.zeros((64, 64), bool)
        within[y0:y1, x0:x1] = True if mask is None else mask[y0:y1, x0:x1]
        regions.append(within)
    expected = {
        "instances_found": metrics.instances_found(heatmap, regions),
        **{f"loc_{d:g}": metrics.localisation(heatmap, region, d) for d in (0, 0.25, 0.5)},
        "pointing": metrics.pointing_game(heatmap, region if mask is None else mask),
        "energy_boxes": metrics.energy_inside(heatmap, region),
        "area_boxes": region.mean(),
        "best_box_iou": metrics.best_box(heatmap, boxes),
    }
    if mask is None:
        assert row["energy_mask"] == row["area_mask"] == ""
    else:
        expected["energy_mask"] = metrics.energy_inside(heatmap, mask)
        expected["area_mask"] = mask.mean()
    for name, value in expected.items():
        assert float(row[name]) == pytest.approx(float(value), rel=1e-8), name


def test_labelled_class_is_explained(place, scenes):
    done = evaluate(
        place, "scenes", "--boxes", "scenes/boxes.csv", "--target", "labelled", "--csv", "out.csv"
    )
    assert done.returncode == 0
    rows = table(place.folder / "out.csv")
    assert all(row["class"] == row["labelled"] for row in rows)
    assert [row["predicted"] == row["class"] for row in rows[6:10]] == [False] * 4
    assert [row["instances"] for row in rows[::2]] == ["2", "2", "2", "1", "2", "2"]
    other = place_model(place).explain(scenes / "4.png", target=rows[8]["class"])
    assert float(rows[8]["probability"]) == pytest.approx(other.target.probability, rel=1e-8)


def test_without_boxes_only_what_needs_none(place, scenes):
    done = evaluate(place, "scenes", "--methods", "gradcam", "--csv", "out.csv", "--limit", "2")
    rows = table(place.folder / "out.csv")
    assert list(rows[0]) == [*BASE, *CONFIDENCE]
    assert [row["file"] for row in rows] == ["0.png", "1.png"]
    assert "Win" not in done.stdout
    assert "Loc" not in done.stdout


def test_summary(place, scenes):
    arguments = ("scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv", "--seed", "5")
    done = evaluate(place, *arguments)
    rows = table(place.folder / "out.csv")
    lines = done.stdout.splitlines()
    assert lines[0] == "6 pictures; layer conv5_3; predicted class explained"
    assert lines[2].split() == [
        "mean", "[95", "%", "interval]", "gradcam++", "gradcam", "difference", "pictures",
    ]  # fmt: skip
    drops = [
        np.array([float(row["drop"]) for row in rows if row["method"] == method])
        for method in ("gradcam++", "gradcam")
    ]
    shown = [metrics.mean_interval(values, seed=5) for values in drops]
    shown.append(metrics.paired_difference(*drops, seed=5))
    cells = [f"{mean:.1f} [{low:.1f}, {high:.1f}]" for mean, low, high in shown]
    (line,) = [line for line in lines if line.startswith("Average Drop %")]
    assert line.split() == ["Average", "Drop", "%", *" ".join(cells).split(), "6"]
    (line,) = [line for line in lines if line.startswith("Loc(0.5)")]
    assert line.split()[-1] == "5"  # picture 4 has no instance of its class
    increases = [float(row["increase"]) for row in rows if row["method"] == "gradcam"]
    (line,) = [line for line in lines if line.startswith("Increase")]
    assert f" {100 * np.mean(increases):.1f} [" in line
    wins = metrics.win_percent(*drops)
    (line,) = [line for line in lines if line.startswith("gradcam++ against gradcam")]
    assert [part.split()[-1] for part in line.split(" [")[:3]] == [f"{share:.1f}" for share in wins]
    assert evaluate(place, *arguments[:3], "--seed", "5").stdout == done.stdout
