"""Small networks around one layer each, as PyTorch exports them: logits and gradients.

The corpus of ONNX has no gradients, and the networks of the zoo do not have every layer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradcampp_swift as gcpp
import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402
from zoo_exports import EXPORTERS, export  # noqa: E402
from zoo_gradients import gradient_at  # noqa: E402

SIDE = 20
CHANNELS = 8
CLASS = 2


class Function(nn.Module):
    """A function of a tensor as a module."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)


def padded(*pads: int, mode: str, **other: float) -> Function:
    return Function(lambda x: functional.pad(x, pads, mode=mode, **other))


def resized(**how: Any) -> Function:
    return Function(lambda x: functional.interpolate(x, **how))


#: Layers from (N, 8, 20, 20) to (N, 8, h, w).
LAYERS: dict[str, Callable[[], Any]] = {
    "pad constant": lambda: padded(1, 2, 3, 0, mode="constant", value=0.7),
    "pad channels": lambda: nn.Sequential(
        padded(0, 0, 0, 0, 2, 2, mode="constant"), nn.Conv2d(CHANNELS + 4, CHANNELS, 1)
    ),
    "pad reflect": lambda: padded(3, 2, 1, 4, mode="reflect"),
    "pad edge": lambda: padded(3, 2, 1, 4, mode="replicate"),
    "nearest": lambda: resized(scale_factor=2, mode="nearest"),
    "nearest to a size": lambda: resized(size=(13, 27), mode="nearest"),
    "bilinear": lambda: resized(scale_factor=2, mode="bilinear", align_corners=False),
    "bilinear corners": lambda: resized(size=(31, 9), mode="bilinear", align_corners=True),
    "bicubic": lambda: resized(size=(30, 33), mode="bicubic", align_corners=False),
    "transposed": lambda: nn.ConvTranspose2d(
        CHANNELS, CHANNELS, 3, stride=2, padding=1, output_padding=1, groups=2
    ),
    "transposed dilated": lambda: nn.ConvTranspose2d(CHANNELS, CHANNELS, 2, dilation=3),
    "group norm": lambda: nn.GroupNorm(4, CHANNELS),
    "instance norm": lambda: nn.InstanceNorm2d(CHANNELS, affine=True),
    "response norm": lambda: nn.LocalResponseNorm(5, alpha=0.5, beta=0.75, k=2.0),
    "pixel shuffle": lambda: nn.Sequential(
        nn.Conv2d(CHANNELS, 4 * CHANNELS, 1), nn.PixelShuffle(2)
    ),
    "global maximum": lambda: nn.AdaptiveMaxPool2d(1),
    "dilated maximum": lambda: nn.MaxPool2d(3, stride=2, dilation=2, ceil_mode=True),
    "rounded-up mean": lambda: nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
}


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("name", LAYERS)
def test_layer(name: str, exporter: str, tmp_path: Path) -> None:
    torch.manual_seed(3)
    module = nn.Sequential(
        nn.Conv2d(3, CHANNELS, 3, padding=1),
        nn.Tanh(),
        LAYERS[name](),
        nn.Tanh(),
        nn.Conv2d(CHANNELS, 6, 3, padding=1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 5),
    ).eval()
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.4)
    picture = np.random.default_rng(5).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    pictures = torch.from_numpy(np.ascontiguousarray((picture / 255).transpose(2, 0, 1)[None]))
    pictures = pictures.float()
    path = tmp_path / "network.onnx"
    try:
        export(module, pictures, path, exporter)
    except Exception as reason:
        pytest.skip(f"PyTorch does not export it: {str(reason).splitlines()[0]}")
    session = onnxruntime.InferenceSession(str(path))
    (expected,) = session.run(None, {session.get_inputs()[0].name: pictures.numpy()})

    model = gcpp.load(path, preprocessing="unit")
    predictions = sorted(model.predict(picture, top=5), key=lambda p: p.index)
    found = np.array([p.logit for p in predictions])
    np.testing.assert_allclose(found, expected[0], rtol=0, atol=1e-5 * np.abs(expected).max())
    # The first tensor, from which the gradient goes through the layer.
    layer = model.layers[0]
    gradient = gradient_at(module, pictures, model.activations(picture, layer), CLASS)
    difference = model.gradients(picture, layer, CLASS) - gradient
    assert np.sqrt(np.square(difference).mean() / np.square(gradient).mean()) < 1e-4
