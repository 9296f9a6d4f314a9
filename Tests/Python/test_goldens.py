"""The recorded runs of the original program, through the Python door."""

import re
import subprocess
import sys

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS, ROOT
from gradcampp_swift.classes.class_names import ClassNames
from gradcampp_swift.classes.labels import find_labels
from PIL import Image

PICTURES = {
    "rocket": "rocket.png",
    "synth_land_png": "synth_land.png",
    "synth_port_png": "synth_port.png",
    "tiny": "tiny_60x50.png",
}
CASES = sorted(path.stem for path in (GOLDENS / "cases").glob("*.npz"))


class Case:
    """A recorded run, and ours of the same picture, class and weights."""

    def __init__(self, name, models):
        seed, picture, label = re.fullmatch(r"s(\d+)_(.+)_(pred|l\d+)", name).groups()
        self.name = name
        self.recorded = np.load(GOLDENS / "cases" / f"{name}.npz")
        self.picture = GOLDENS / "images" / PICTURES[picture]
        self.seed = int(seed)
        self.model = models[self.seed]
        self.is_predicted = label == "pred"
        target = None if self.is_predicted else int(label[1:])
        self.explanation = self.model.explain(self.picture, target, guided=True)


@pytest.fixture(scope="module")
def models(recorded_weights):
    return {seed: gcpp.load(path) for seed, path in recorded_weights.items()}


@pytest.fixture(scope="module", params=CASES)
def case(request, models):
    return Case(request.param, models)


def changed_share(found, expected, levels):
    """Share of values that differ by more than `levels`."""
    return (np.abs(found.astype(int) - expected.astype(int)) > levels).mean()


def test_there_are_five_cases():
    assert len(CASES) == 5


def test_top_five_and_logits(case):
    explanation, recorded = case.explanation, case.recorded
    assert [found.index for found in explanation.predictions] == recorded["top5"].tolist()
    assert explanation.target.index == recorded["label"]
    assert explanation.target.logit == pytest.approx(float(recorded["score"]), abs=5e-3)
    for found in explanation.predictions:
        assert found.probability == pytest.approx(recorded["prob"][found.index], abs=1e-3)
    fc8 = case.model.activations(case.picture, "fc8")
    assert np.abs(fc8 - recorded["fc8"]).max() <= 2e-4 * np.abs(recorded["fc8"]).max()


def test_channel_weights(case):
    found = case.explanation.channel_weights.astype(np.float64)
    expected = case.recorded["deep_linearization_weights"]
    np.testing.assert_allclose(found / found.max(), expected / expected.max(), atol=1e-3)
    scale = expected.max() / float(case.recorded["exp_factor"])
    assert found.max() == pytest.approx(scale, rel=1e-2)


def test_maps(case):
    expected = case.recorded["grad_CAM_map"]
    np.testing.assert_allclose(case.explanation.cam, expected / expected.max(), atol=1e-3)
    np.testing.assert_allclose(case.explanation.heatmap, case.recorded["cam"], atol=1e-4)


def test_heat_map_panel(case):
    found = case.explanation.heatmap_rgb()
    expected = case.recorded["panel_heatmap_rgb"]
    different = (found != expected).any(axis=2)
    assert different.mean() <= 0.005
    # One step of the table changes a channel by at most 5 levels.
    assert np.abs(found.astype(int) - expected).max() <= 5


def test_overlay_panel(case):
    found = case.explanation.overlay()
    expected = case.recorded["panel_overlay_rgb"]
    assert changed_share(found, expected, 0) <= 0.005
    assert np.abs(found.astype(int) - expected).max() <= 3


def test_guided_gradients(case):
    found = case.explanation.guided_gradients
    expected = case.recorded["gb_grad"]
    rms = np.sqrt(np.mean((found - expected) ** 2) / np.mean(expected**2))
    assert rms <= 2e-2


def test_guided_panel(case):
    found = case.explanation.guided_panel
    assert changed_share(found, case.recorded["panel_guided_rgb"], 8) <= 0.005


def test_input_and_tensors(case):
    if "conv5_3" not in case.recorded:
        pytest.skip("not recorded in this case")
    difference = np.abs(case.explanation.input.astype(int) - case.recorded["panel_input_rgb"])
    # Levels are rounded down, so those that are whole numbers but for rounding may fall by one.
    levels = case.explanation._core.seen * 255
    is_whole = np.abs(levels - np.rint(levels)) < 1e-9
    assert difference[is_whole].max() <= 1
    assert difference[~is_whole].max() == 0
    for found, key in (
        (case.model.activations(case.picture, "conv5_3"), "conv5_3"),
        (case.model.gradients(case.picture, "conv5_3"), "grad_conv5_3"),
    ):
        expected = case.recorded[key]
        rms = np.sqrt(np.mean((found - expected) ** 2) / np.mean(expected**2))
        assert rms <= 1e-2


def test_printed_names(case, recorded_weights, tmp_path):
    """The command names the classes that the original did, by their first names."""
    if not case.is_predicted:
        pytest.skip("the original prints names for the predicted class only")
    command = [sys.executable, ROOT / "classify.py", "-f", case.picture, "--layout", "overlay"]
    weights = ["--weights", recorded_weights[case.seed]]
    done = subprocess.run(
        [*command, *weights], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    recorded = str(case.recorded["stdout"])
    top1, top5, predicted = done.stdout.splitlines()[:3]
    label = re.compile(r"(n\d{8} .+?)(?: [\d.e-]+(?:; |$)|', [\d.])")
    labels = find_labels(None, 1000, None)[0]
    short = ClassNames.of(labels, 1000).short
    expected = [short[labels.index(each)] for each in label.findall(recorded)]
    name = re.compile(r"(?:^Top[15]: |; )(.+?) [\d.e-]+(?=; |$)")
    assert name.findall(top1) == expected[:1]
    assert name.findall(top5) == expected[1:6]
    assert predicted == f"Predicted_class: {int(case.recorded['label'])}"


@pytest.mark.parametrize(
    ("left", "decibels"), [(480, 39), (1256, 31), (2033, 35), (2809, 39)],
    ids=["input", "guided", "heatmap", "overlay"],
)  # fmt: skip
def test_figure(models, left, decibels):
    explanation = Case("s11_rocket_pred", models).explanation
    with Image.open(GOLDENS / "figure" / "s11_rocket_pred_figure.jpg") as page:
        expected = np.asarray(page.convert("RGB")).astype(float)
    found = explanation.figure().astype(float)
    assert found.shape == expected.shape
    crop = np.s_[1131 : 1131 + 647, left : left + 647]
    error = np.mean((found[crop] - expected[crop]) ** 2)
    assert 10 * np.log10(255**2 / error) >= decibels
