"""Networks with attention and layer normalisation against what PyTorch computed with them."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS

FOLDER = GOLDENS / "onnx" / "transformers"
CLASS = 2
EXPECTED = np.load(FOLDER / "expected.npz")


@pytest.mark.parametrize("name", ["vision_transformer", "shifted_windows", "convnext"])
def test_logits_activations_and_gradients(name):
    model = gcpp.load(FOLDER / f"{name}.onnx")
    picture = EXPECTED["picture"]
    predictions = model.predict(picture, top=5)
    logits = [p.logit for p in sorted(predictions, key=lambda p: p.index)]
    wanted = EXPECTED[f"{name}_logits"]
    np.testing.assert_allclose(logits, wanted, atol=1e-4 * np.abs(wanted).max())
    # Behind a class token the default is a block of tokens; the recording is of the patches.
    shape = EXPECTED[f"{name}_activations"].shape
    layer = next(each for each, _, extents in reversed(model._core.layers) if extents == shape)
    for found, kind in [
        (model.activations(picture, layer), "activations"),
        (model.gradients(picture, layer, CLASS), "gradients"),
    ]:
        wanted = EXPECTED[f"{name}_{kind}"]
        assert found.shape == wanted.shape
        error = np.sqrt(np.mean((found - wanted) ** 2) / np.mean(wanted**2))
        assert error < 1e-3, kind


@pytest.mark.parametrize("name", ["vision_transformer", "shifted_windows", "convnext"])
def test_the_default_layer_has_places(name):
    """What is normalised behind the pooling has one cell, of which a map says nothing."""
    model = gcpp.load(FOLDER / f"{name}.onnx")
    assert model.explain(EXPECTED["picture"], CLASS).cam.size > 1
