"""Keras's applications, with random weights, against Keras itself, live: `make test-peers`."""

import gradcampp_swift as gcpp
import numpy as np
import pytest

keras = pytest.importorskip("keras")

SIDE = 96
NETWORKS = {
    "MobileNetV2": ("tensorflow", "Conv_1"),
    "ResNet50V2": ("tensorflow", "post_relu"),
    "DenseNet121": ("torchvision", "relu"),
    "EfficientNetB0": (None, "top_conv"),
}


def with_random_numbers(network):
    """Give normalisations numbers that matter, of a size that activations keep."""
    random = np.random.default_rng(6)
    for variable in network.variables:
        if "moving" in variable.path or variable.path.endswith(("gamma", "beta")):
            numbers = random.normal(0, 0.1, variable.shape)
            if variable.path.endswith(("gamma", "variance")):
                numbers = 1 + np.abs(numbers)
            variable.assign(numbers.astype("f4"))
    return network


def seen(picture, colors):
    """What goes into the network."""
    return ((picture * colors.scale - colors.mean) / colors.std)[None].astype("f4")


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
@pytest.mark.parametrize("name", NETWORKS)
def test_application(tmp_path, name, suffix):
    preprocessing, layer = NETWORKS[name]
    make = getattr(keras.applications, name)
    network = make(weights=None, input_shape=(SIDE, SIDE, 3), classes=10)
    with_random_numbers(network).save(tmp_path / f"net{suffix}")
    picture = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    model = gcpp.load(tmp_path / f"net{suffix}", preprocessing=preprocessing)
    network.layers[-1].activation = keras.activations.linear
    # What the network does to colours itself is part of the model's preprocessing.
    x = picture[None].astype("f4") if preprocessing is None else seen(picture, model.preprocessing)
    logits = np.asarray(network(x).detach())[0]
    spread = np.abs(logits - logits.mean()).max()
    assert spread > 1e-3
    np.testing.assert_allclose(
        model.activations(picture, "predictions"), logits, atol=1e-3 * spread
    )
    assert model.explain(picture).layer == layer
