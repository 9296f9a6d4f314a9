"""Imported weights against PyTorch and Keras, live: `make test-peers`."""

import sys
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest

torch = pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).parents[1] / "Goldens" / "imported"))

import imported_networks as peers  # noqa: E402  # needs torch

DEPTHS = {
    "vgg11": (1, 1, 2, 2, 2),
    "vgg13": (2, 2, 2, 2, 2),
    "vgg16": (2, 2, 3, 3, 3),
    "vgg19": (2, 2, 4, 4, 4),
}
CLASS = 2


def assert_same(model, expected, picture):
    """Up to float32's rounding, which the size of the numbers scales."""

    def close(found, wanted):
        wanted = np.asarray(wanted)
        np.testing.assert_allclose(found, wanted, atol=1e-5 * np.abs(wanted).max(), rtol=0)

    last = [layer for layer in model.layers if layer.startswith("conv5_")][-1]
    close(model.activations(picture, "fc8"), expected["logits"])
    close(model.activations(picture, last), expected["activations"])
    close(model.gradients(picture, last, CLASS), expected["gradients"])
    if "guided" in expected:
        guided = model.explain(picture, CLASS, guided=True).guided_gradients
        difference = np.sqrt(np.mean((guided - expected["guided"]) ** 2))
        assert difference <= 1e-4 * np.sqrt(np.mean(expected["guided"] ** 2))


@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "bn"])
@pytest.mark.parametrize("name", DEPTHS)
def test_state_dictionary(name, batch_norm):
    for seed in range(3):
        network = peers.torch_network(seed, DEPTHS[name], batch_norm)
        picture = peers.picture(seed)
        expected = peers.computed(network, picture, CLASS)
        assert np.abs(expected["gradients"]).max() > 0
        assert_same(gcpp.load(network.state_dict()), expected, picture)


@pytest.mark.parametrize("form", ["zip", "old", "checkpoint", "safetensors", "bfloat16"])
def test_files(tmp_path, form):
    network = peers.torch_network(7, batch_norm=True)
    path = tmp_path / "vgg16.pth"
    if form == "bfloat16":
        network = network.to(torch.bfloat16)
    state = network.state_dict()
    if form == "safetensors":
        pytest.importorskip("safetensors.torch").save_file(state, path)
    else:
        content = {"epoch": 3, "state_dict": state} if form == "checkpoint" else state
        torch.save(content, path, _use_new_zipfile_serialization=form != "old")
    picture = peers.picture()
    expected = peers.computed(network.to(torch.float32), picture, CLASS)
    assert_same(gcpp.load(path), expected, picture)


@pytest.mark.parametrize("suffix", [".weights.h5", ".h5", ".keras"])
def test_keras(tmp_path, suffix):
    pytest.importorskip("keras")
    network = peers.keras_network(3)
    picture = peers.picture(9)
    path = tmp_path / f"vgg16{suffix}"
    save = network.save_weights if suffix == ".weights.h5" else network.save
    save(path)
    assert_same(gcpp.load(path), peers.keras_computed(network, picture, CLASS), picture)
