"""`gradcampp evaluate --crop`: network, ground truth and randomised networks see the same."""

import json

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics
from PIL import Image
from scene_folder import evaluate, table

LEFT, TOP, RIGHT, BOTTOM = 4, 16, 28, 48
"""A box in the left quarter of a picture of 64x128, where the middle is not."""

SEEN = {"squash": (2, 16, 14, 48), "pad": (2, 24, 14, 40)}
"""The box on 64x64: squashed, half as wide; padded with 32 rows above and below, half in all."""


@pytest.fixture
def wide(place):
    """One picture with one bright instance, its box and its mask."""
    folder = place.folder / "wide"
    (folder / "masks").mkdir(parents=True)
    pixels = np.random.default_rng(8).integers(0, 80, (64, 128, 3)).astype(np.uint8)
    pixels[TOP:BOTTOM, LEFT:RIGHT] += 150
    Image.fromarray(pixels).save(folder / "a.png")
    mask = np.zeros((64, 128), np.uint8)
    mask[TOP:BOTTOM, LEFT:RIGHT] = 1
    Image.fromarray(mask).save(folder / "masks" / "a.png")
    text = f"file,label,x0,y0,x1,y1\na.png,3,{LEFT},{TOP},{RIGHT},{BOTTOM}\n"
    (folder / "boxes.csv").write_text(text)
    return folder


ARGUMENTS = ("wide", "--boxes", "wide/boxes.csv", "--target", "labelled", "--csv", "out.csv")


@pytest.mark.parametrize("crop", ["squash", "pad"])
def test_all_see_by_the_crop(place, wide, crop):
    done = evaluate(place, *ARGUMENTS, "--crop", crop, "--with", "randomisation")
    assert (done.returncode, done.stderr) == (0, "")
    weights = place.folder / "models" / "vgg16.npy"
    model = gcpp.load(weights, crop=crop)
    arrays = np.load(weights, allow_pickle=True).item()
    x0, y0, x1, y1 = SEEN[crop]
    region = np.zeros((64, 64), np.bool_)
    region[y0:y1, x0:x1] = True
    for row in table(place.folder / "out.csv"):
        explanation = model.explain(wide / "a.png", 3, method=row["method"])
        heatmap = explanation.heatmap
        assert heatmap.any()
        expected = {
            "probability": explanation.target.probability,
            "instances": 1,
            "area_boxes": region.mean(),
            "area_mask": region.mean(),
            "energy_boxes": metrics.energy_inside(heatmap, region),
            "energy_mask": metrics.energy_inside(heatmap, region),
            "loc_0.25": metrics.localisation(heatmap, region, 0.25),
            "best_box_iou": metrics.best_box(heatmap, [SEEN[crop]]),
        }
        for layers in (["fc8"], ["fc8", "fc7", "fc6", "conv5_3", "conv5_2", "conv5_1"]):
            drawn = gcpp.load(metrics.redrawn(arrays, layers), crop=crop)
            other = drawn.explain(wide / "a.png", 3, method=row["method"])
            np.testing.assert_array_equal(other.input, explanation.input)
            correlation = metrics.rank_correlation(explanation.cam, other.cam)
            expected[f"randomised_to_{layers[-1]}"] = correlation
        for name, value in expected.items():
            assert float(row[name]) == pytest.approx(float(value), rel=1e-8, abs=1e-8), name


def test_the_middle_is_the_default(place, wide):
    assert evaluate(place, *ARGUMENTS).returncode == 0
    (row, _) = table(place.folder / "out.csv")
    explanation = gcpp.load(place.folder / "models" / "vgg16.npy").explain(wide / "a.png", 3)
    assert float(row["probability"]) == pytest.approx(explanation.target.probability, rel=1e-8)
    assert (row["instances"], row["loc_0"]) == ("0", "")  # out of view


def test_another_crop_does_not_continue(place, wide):
    assert evaluate(place, *ARGUMENTS, "--crop", "pad").returncode == 0
    assert json.loads((place.folder / "out.csv.json").read_text())["crop"] == "pad"
    done = evaluate(place, *ARGUMENTS)
    assert done.returncode == 1
    assert 'made with crop "pad", this run has "center"' in done.stderr


def test_unknown_crop(place, wide):
    assert evaluate(place, *ARGUMENTS, "--crop", "stretch").returncode == 2
