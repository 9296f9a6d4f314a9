"""Networks that torchvision and timm make, exported to ONNX."""

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .files import PHOTO, cached
from .network import INPUT, LOGITS, Network
from .vgg16 import Floats, Picture

if TYPE_CHECKING:
    import gradcampp_swift as gcpp

SEED = 11
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


@dataclass(frozen=True)
class ExportedNetwork(Network):
    """A network by the name that its package gives it."""

    name: str
    package: str
    maker: str
    part: str
    """Path of the part whose output is looked at."""

    def onnx(self) -> Path:
        """Export it once."""
        return cached(f"{self.maker}.onnx", self._export, PHOTO)

    def module(self) -> Any:
        """Make it, with weights that depend on the seed alone."""
        import torch

        torch.manual_seed(SEED)
        if self.package == "timm":
            let_torchvision_be_imported()
            import timm

            return timm.create_model(self.maker, pretrained=False).eval()
        let_torchvision_be_imported()
        import torchvision

        return torchvision.models.get_model(self.maker, weights=None).eval()

    def layer(self, module: Any) -> Any:
        """Follow the path."""
        return module.get_submodule(self.part)

    def model(self) -> "gcpp.Model":
        """Load the ONNX file."""
        import gradcampp_swift as gcpp

        return gcpp.load(self.onnx(), preprocessing="torchvision")

    def as_input(self, picture: Picture) -> Floats:
        """Normalise as torchvision does."""
        values = (picture / np.float32(255) - MEAN) / DEVIATION
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None])

    def _export(self, path: Path) -> None:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                self.module(),
                (torch.zeros(1, 3, 224, 224),),
                path,
                input_names=[INPUT],
                output_names=[LOGITS],
                opset_version=17,
                dynamo=False,
            )


def let_torchvision_be_imported() -> None:
    """Stand in for what describes torchvision's own operators.

    Those (suppression of boxes and the like) are built for another PyTorch than the one here, and
    no classifier uses them; only describing them fails.
    """
    name = "torchvision._meta_registrations"
    sys.modules.setdefault(name, ModuleType(name))


NETWORKS: list[Network] = [
    ExportedNetwork("ResNet50", "torchvision", "resnet50", "layer4"),
    ExportedNetwork("MobileNetV2", "torchvision", "mobilenet_v2", "features"),
    ExportedNetwork("EfficientNet-Lite0", "timm", "efficientnet_lite0", "bn2"),
    ExportedNetwork("DenseNet121", "torchvision", "densenet121", "features.norm5"),
    ExportedNetwork("ConvNeXt-Tiny", "torchvision", "convnext_tiny", "features"),
    ExportedNetwork("ViT-B/16", "torchvision", "vit_b_16", "encoder.layers.encoder_layer_11.ln_1"),
]
"""Timed beside VGG16."""
