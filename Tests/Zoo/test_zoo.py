"""Every network of the zoo, by every exporter: right, or refused in a sentence.

Logits against ONNX Runtime, gradients at the default layer against autograd.
"""

from pathlib import Path
from typing import Any

import gradcampp_swift as gcpp
import numpy as np
import pytest

onnxruntime = pytest.importorskip("onnxruntime")
torch = pytest.importorskip("torch")
pytest.importorskip("timm")
pytest.importorskip("torchvision")

from zoo_exports import EXPORTERS, export  # noqa: E402
from zoo_gradients import gradient_at  # noqa: E402
from zoo_networks import NETWORKS, ZooNetwork  # noqa: E402
from zoo_weights import fill  # noqa: E402

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
CLASS = 7


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_network(network: ZooNetwork, exporter: str, tmp_path: Path, record_property: Any) -> None:
    torch.manual_seed(1)
    picture = np.random.default_rng(2).integers(0, 256, (network.side, network.side, 3), np.uint8)
    module = built(network)
    fill(module, seed=3)
    values = (picture / np.float32(255) - MEAN) / DEVIATION
    pictures = torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)[None]))
    path = tmp_path / "network.onnx"
    try:
        export(module, pictures, path, exporter)
    except Exception as reason:
        pytest.skip(f"PyTorch does not export it: {str(reason).splitlines()[0]}")
    session = onnxruntime.InferenceSession(str(path))
    (expected,) = session.run(None, {session.get_inputs()[0].name: pictures.numpy()})[:1]

    record_property("network", str(network))
    record_property("exporter", exporter)
    try:
        model = gcpp.load(path, preprocessing="torchvision")
        found = logits(model, picture)
    except gcpp.GradCAMError as refusal:
        record_property("refusal", str(refusal))
        pytest.xfail(f"refused: {refusal}")
    record_property("difference", float(np.abs(found - expected[0]).max() / np.abs(expected).max()))
    np.testing.assert_allclose(found, expected[0], rtol=0, atol=1e-4 * np.abs(expected).max())

    try:
        layer = model.explain(picture, CLASS).layer
    except gcpp.GradCAMError as refusal:
        # Networks of tokens alone have no tensor with spatial axes to choose.
        record_property("refusal", str(refusal))
        pytest.xfail(f"refused: {refusal}")
    gradient = gradient_at(module, pictures, model.activations(picture, layer), CLASS)
    difference = model.gradients(picture, layer, CLASS) - gradient
    relative = np.sqrt(np.square(difference).mean() / np.square(gradient).mean())
    record_property("layer", layer)
    record_property("gradients", float(relative))
    assert relative < 1e-3


def built(network: ZooNetwork) -> Any:
    """Make the module, or skip where the installed package does not know it."""
    try:
        return network.built()
    except (RuntimeError, ValueError) as reason:
        pytest.skip(f"{network.package} has no {network.name}: {reason}")


def logits(model: gcpp.Model, picture: Any) -> Any:
    """Logits in the order of the classes."""
    predictions = model.predict(picture, top=1000)
    return np.array([p.logit for p in sorted(predictions, key=lambda p: p.index)], np.float32)
