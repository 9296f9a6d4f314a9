"""Keras's applications as Keras exports them: probabilities as ONNX Runtime has them."""

import os
from pathlib import Path
from typing import Any

import gradcampp_swift as gcpp
import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
onnxruntime = pytest.importorskip("onnxruntime")

APPLICATIONS = [
    "DenseNet121",
    "EfficientNetB0",
    "InceptionV3",
    "MobileNetV2",
    "ResNet50V2",
    "Xception",
]
SIDE = 96


@pytest.mark.parametrize("name", APPLICATIONS)
def test_application(name: str, tmp_path: Path, record_property: Any) -> None:
    keras.utils.set_random_seed(5)
    network = getattr(keras.applications, name)(weights=None, input_shape=(SIDE, SIDE, 3))
    _spread(network)
    path = tmp_path / "network.onnx"
    try:
        network.export(path, format="onnx", verbose=False)
    except Exception as reason:
        pytest.skip(f"Keras does not export it: {str(reason).splitlines()[0]}")
    picture = np.random.default_rng(2).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    session = onnxruntime.InferenceSession(str(path))
    values = (picture / np.float32(127.5) - 1)[None].astype(np.float32)
    (expected,) = session.run(None, {session.get_inputs()[0].name: values})
    record_property("network", f"keras-{name}")
    record_property("exporter", "keras")
    try:
        model = gcpp.load(path, preprocessing="tensorflow")
        predictions = sorted(model.predict(picture, top=1000), key=lambda p: p.index)
        record_property("layer", model.explain(picture).layer)
    except gcpp.GradCAMError as refusal:
        record_property("refusal", str(refusal))
        pytest.xfail(f"refused: {refusal}")
    logits = np.array([p.logit for p in predictions])
    # Logits are known from probabilities up to a number that all share.
    found, due = logits - logits.mean(), np.log(expected[0])
    due = due - due.mean()
    difference = np.abs(found - due).max() / np.abs(due).max()
    record_property("difference", float(difference))
    assert difference < 1e-4


def _spread(network: Any) -> None:
    """Give batch normalisations statistics that have an effect."""
    numbers = np.random.default_rng(3)
    for variable in network.weights:
        shape = variable.shape
        if variable.name in ("moving_variance", "gamma"):
            variable.assign(numbers.uniform(0.7, 1.3, shape))
        elif variable.name in ("moving_mean", "beta", "bias"):
            variable.assign(numbers.normal(0, 0.1, shape))
