"""Networks of ONNX files against what PyTorch computed with them."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS

FOLDER = GOLDENS / "onnx" / "networks"
CLASS = 2
EXPECTED = np.load(FOLDER / "expected.npz")


def assert_computes(model, preprocessing):
    """Logits, and the default layer's activations and gradients, up to float32's rounding."""
    picture = EXPECTED["picture"]
    predictions = model.predict(picture, top=5)
    logits = [p.logit for p in sorted(predictions, key=lambda p: p.index)]
    np.testing.assert_allclose(logits, EXPECTED[f"{preprocessing}_logits"], atol=2e-5)
    layer = model.explain(picture, CLASS).layer
    found = model.activations(picture, layer)
    np.testing.assert_allclose(found, EXPECTED[f"{preprocessing}_activations"], atol=2e-5)
    gradients = model.gradients(picture, layer, CLASS)
    np.testing.assert_allclose(gradients, EXPECTED[f"{preprocessing}_gradients"], atol=2e-5)


@pytest.mark.parametrize(
    ("name", "layer"),
    [("torchscript", "features.7"), ("dynamo", "features.7"), ("old", "t8"), ("constants", "t8")],
)
def test_channels_first(name, layer):
    model = gcpp.load(FOLDER / f"{name}.onnx")
    assert model.input_shape == (24, 24, 3)
    assert model.explain(EXPECTED["picture"], CLASS).layer == layer
    assert layer in model.layers
    assert_computes(model, "torchvision")


def test_channels_last():
    model = gcpp.load(FOLDER / "nhwc.onnx")
    assert model.preprocessing == gcpp.Preprocessing("RGB", 1 / 127.5, mean=(1, 1, 1))
    assert_computes(model, "tensorflow")


def test_another_preprocessing_gives_something_else():
    """So that the comparisons above can fail."""
    model = gcpp.load(FOLDER / "old.onnx", preprocessing="unit")
    with pytest.raises(AssertionError):
        assert_computes(model, "torchvision")
