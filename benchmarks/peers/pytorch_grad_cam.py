"""pytorch-grad-cam: Grad-CAM++ over PyTorch, as it is and with frozen weights."""

import sys
from types import ModuleType
from typing import Any

from ..vgg16 import Floats
from .peer import THREADS, Peer


class PyTorchGradCAM(Peer):
    """pytorch-grad-cam's Grad-CAM++ of the last convolution after its ReLU."""

    name = "pytorch-grad-cam"
    package = "grad-cam"

    def prepare(self) -> None:
        """Let the network write what its module reads."""
        self.network.module()

    def load(self) -> None:
        """Hang hooks on the network."""
        import torch

        stand_in_for_torchvision()
        from pytorch_grad_cam import GradCAMPlusPlus

        torch.set_num_threads(THREADS)
        module = self.module()
        self.torch = torch
        self.method = GradCAMPlusPlus(module, target_layers=[self.network.layer(module)])

    def module(self) -> Any:
        """Make the network as its users do: weights keep their gradients."""
        return self.network.module()

    def gradcampp(self, x: Floats) -> Floats:
        """Explain the predicted class."""
        return self.method(input_tensor=self.torch.from_numpy(x), targets=None)[0]


class FrozenPyTorchGradCAM(PyTorchGradCAM):
    """The same at its best: no gradients of weights are asked for."""

    name = "pytorch-grad-cam, frozen"

    def module(self) -> Any:
        """Make the network and freeze it."""
        return self.network.module().requires_grad_(False)

    def gradcampp(self, x: Floats) -> Floats:
        """Explain the predicted class; its hooks need something that asks for a gradient."""
        return self.method(self.torch.from_numpy(x).requires_grad_(), targets=None)[0]


def stand_in_for_torchvision() -> None:
    """Let pytorch-grad-cam be imported where torchvision is missing or does not fit PyTorch.

    It imports three names for preparing pictures, which are not used here.
    """
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError):
        package, transforms = ModuleType("torchvision"), ModuleType("torchvision.transforms")
        functional = ModuleType("torchvision.transforms.functional")
        for name in ("Compose", "Normalize", "ToTensor"):
            setattr(transforms, name, None)
        functional.resize = None  # type: ignore[attr-defined]
        package.transforms = transforms  # type: ignore[attr-defined]
        for module in (package, transforms, functional):
            sys.modules[module.__name__] = module
