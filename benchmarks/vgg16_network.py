"""VGG16 as a network of the benchmarks."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import WEIGHTS
from .network import Network
from .onnx_model import onnx_model
from .vgg16 import Floats, Picture, channels_first_input
from .vgg16_module import vgg16

if TYPE_CHECKING:
    import gradcampp_swift as gcpp


class VGG16(Network):
    """The 2018 program's network, with its weights' layout."""

    name = "VGG16"

    def onnx(self) -> Path:
        """Convert the weights once."""
        return onnx_model()

    def module(self) -> Any:
        """Make the layers, whose parameters are mapped."""
        return vgg16()

    def layer(self, module: Any) -> Any:
        """Find the last convolution's ReLU."""
        return module.conv5_3_relu

    def model(self) -> "gcpp.Model":
        """Load the 2018 program's file."""
        import gradcampp_swift as gcpp

        return gcpp.load(WEIGHTS)

    def as_input(self, picture: Picture) -> Floats:
        """Subtract the mean, blue first."""
        return channels_first_input(picture)
