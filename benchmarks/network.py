"""What the engines run: a network, in the form that each of them takes."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .vgg16 import Floats, Picture

if TYPE_CHECKING:
    import gradcampp_swift as gcpp

INPUT = "input"
"""Name of the input in the ONNX file."""

LOGITS = "logits"
"""Name of the output in the ONNX file."""


class Network(ABC):
    """A network with random weights, the same for every engine. Values of this kind are pickled."""

    name: str

    @abstractmethod
    def onnx(self) -> Path:
        """Path of the ONNX file, made unless the cache has it."""

    @abstractmethod
    def module(self) -> Any:
        """Make the PyTorch module, in evaluation mode; its weights ask for gradients."""

    @abstractmethod
    def layer(self, module: Any) -> Any:
        """Find the part of `module` whose output our default layer is."""

    @abstractmethod
    def model(self) -> "gcpp.Model":
        """Load it with gradcampp."""

    @abstractmethod
    def as_input(self, picture: Picture) -> Floats:
        """Input (1, 3, 224, 224) of an RGB picture (224, 224, 3), as our model prepares it."""
