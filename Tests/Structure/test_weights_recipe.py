"""The recipe of docs/weights.md against a plain forward pass in PyTorch's conventions."""

import re
from pathlib import Path
from typing import Any

import gradcampp_swift as gcpp
import numpy as np
import numpy.typing as npt
import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "weights.md"

TORCHVISION_MEAN = (0.485, 0.456, 0.406)
TORCHVISION_STD = (0.229, 0.224, 0.225)

#: Places of VGG16's convolutions in `features`, by block; a maximum follows each block.
BLOCKS = [(0, 2), (5, 7), (10, 12, 14), (17, 19, 21), (24, 26, 28)]

State = dict[str, npt.NDArray[np.float32]]
Numbers = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    """Names that the document's second program defines."""
    program = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]
    names: dict[str, Any] = {"__name__": "recipe"}
    exec(program, names)
    return names


@pytest.fixture(scope="module")
def state() -> State:
    """A VGG16 of few channels for pictures of 64x64, as PyTorch would hold it."""
    random = np.random.default_rng(3)
    state: State = {}

    def add(name: str, *shape: int) -> None:
        scale = np.sqrt(2 / np.prod(shape[1:]))
        state[f"{name}.weight"] = (random.standard_normal(shape) * scale).astype(np.float32)
        state[f"{name}.bias"] = (random.standard_normal(shape[0]) * 0.1).astype(np.float32)

    channels = 3
    for block, places in enumerate(BLOCKS):
        for place in places:
            add(f"features.{place}", 4 + block, channels, 3, 3)
            channels = 4 + block
    add("classifier.0", 12, channels * 2 * 2)
    add("classifier.3", 11, 12)
    add("classifier.6", 5, 11)
    return state


@pytest.fixture(scope="module")
def picture() -> npt.NDArray[np.uint8]:
    return np.random.default_rng(4).integers(0, 256, (64, 64, 3), dtype=np.uint8)


def convolve(tensor: Numbers, state: State, place: int) -> Numbers:
    """Convolution with one ring of zeros, then ReLU; (C, H, W) in and out."""
    padded = np.pad(tensor, ((0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    sums = np.einsum("ihwyx,oiyx->ohw", windows, state[f"features.{place}.weight"])
    return np.maximum(sums + state[f"features.{place}.bias"][:, None, None], 0)


def network_input(picture: npt.NDArray[np.uint8], mean: Any) -> Numbers:
    return ((picture / 255 - mean) / TORCHVISION_STD).transpose(2, 0, 1)


def logits(state: State, tensor: Numbers) -> Numbers:
    for places in BLOCKS:
        for place in places:
            tensor = convolve(tensor, state, place)
        channels, height, width = tensor.shape
        tensor = tensor.reshape(channels, height // 2, 2, width // 2, 2).max(axis=(2, 4))
    vector = tensor.ravel()
    for place in (0, 3, 6):
        product = state[f"classifier.{place}.weight"] @ vector
        vector = product + state[f"classifier.{place}.bias"]
        if place != 6:
            vector = np.maximum(vector, 0)
    return vector


def predicted(model: gcpp.Model, picture: npt.NDArray[np.uint8]) -> Numbers:
    predictions = sorted(model.predict(picture, top=5), key=lambda p: p.index)
    return np.array([prediction.logit for prediction in predictions])


def test_exact_where_the_means_agree(
    recipe: dict[str, Any], state: State, picture: npt.NDArray[np.uint8]
) -> None:
    mean = recipe["MEAN"] / 255
    model = gcpp.load(recipe["convert"](state, mean, TORCHVISION_STD))
    expected = logits(state, network_input(picture, mean))
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(predicted(model, picture), expected, atol=2e-5)


def test_torchvision_means_differ_at_the_border_only(
    recipe: dict[str, Any], state: State, picture: npt.NDArray[np.uint8]
) -> None:
    model = gcpp.load(recipe["convert"](state))
    tensor = network_input(picture, TORCHVISION_MEAN)
    expected = convolve(tensor, state, 0).transpose(1, 2, 0)
    difference = np.abs(model.activations(picture, "conv1_1") - expected)
    assert difference[1:-1, 1:-1].max() < 1e-5
    assert 1e-3 < difference.max() < 0.02
    np.testing.assert_allclose(predicted(model, picture), logits(state, tensor), atol=0.01)
