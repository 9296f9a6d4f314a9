"""The bundled model: its file, and that it knows scenes that it has not seen."""

from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest
from PIL import Image
from scenes import LABELS, scene

BUNDLED = Path(__file__).parents[2] / "python" / "gradcampp_swift" / "weights" / "bundled"
WEIGHTS = BUNDLED / "scenes_vgg16.npy"
NAMES = BUNDLED / "scenes_labels.txt"
# Training, and the choice among trainings, saw none of this seed.
SEED = 424242
SAMPLES = {
    "arrow_and_star": ["arrow", "star"],
    "four_stars": ["star"],
    "mushroom": ["mushroom"],
    "three_gears": ["gear"],
}


@pytest.fixture(scope="module")
def bundled() -> gcpp.Model:
    return gcpp.load(WEIGHTS, NAMES)


def test_the_file_is_small_and_of_half_precision() -> None:
    assert WEIGHTS.stat().st_size <= 4_000_000
    weights = np.load(WEIGHTS, allow_pickle=True).item()
    convolutions = [
        f"conv{b}_{i}" for b, n in enumerate((2, 2, 3, 3, 3), 1) for i in range(1, n + 1)
    ]
    assert list(weights) == [*convolutions, "fc6", "fc7", "fc8"]
    assert {array.dtype for arrays in weights.values() for array in arrays} == {np.dtype("<f2")}
    assert all(np.isfinite(array).all() for arrays in weights.values() for array in arrays)


def test_labels_are_the_classes_of_scenes(bundled: gcpp.Model) -> None:
    assert NAMES.read_text("utf-8").splitlines() == list(LABELS)
    assert bundled.labels == list(LABELS)


def test_every_output_looks_at_the_picture(bundled: gcpp.Model) -> None:
    # fc6 has weights of its own for each cell; no layer is dead.
    fc6 = np.load(WEIGHTS, allow_pickle=True).item()["fc6"][0].reshape(49, -1, 128)
    assert np.abs(fc6[0] - fc6[24]).max() > 0
    image = scene(SEED, 0).image
    for layer in bundled.layers:
        assert np.count_nonzero(bundled.activations(image, layer)) > 0


@pytest.mark.parametrize("split", ["single", "multi"])
def test_it_knows_fresh_scenes(bundled: gcpp.Model, split: str) -> None:
    fresh = [scene(SEED, index, split) for index in range(100)]
    right = sum(bundled.predict(each.image, top=1)[0].index == each.label for each in fresh)
    assert right >= 95


def test_it_names_a_class_of_a_pair(bundled: gcpp.Model) -> None:
    # Which two there are it often does not know: the weaker class drowns.
    fresh = [scene(SEED, index, "pair") for index in range(60)]
    right = sum(bundled.predict(each.image, top=1)[0].index in each.labels for each in fresh)
    assert right >= 54


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_show_what_their_names_say(bundled: gcpp.Model, name: str) -> None:
    with Image.open(BUNDLED / f"{name}.png") as image:
        assert (image.size, image.mode) == ((224, 224), "RGB")
    found = bundled.predict(BUNDLED / f"{name}.png", top=len(SAMPLES[name]))
    assert {each.label for each in found} == set(SAMPLES[name])
