"""pytorch-grad-cam: Grad-CAM++ over PyTorch."""

import sys
from types import ModuleType

from ..vgg16 import Floats
from .peer import THREADS, Peer
from .pytorch import checkpoint, vgg16


class PyTorchGradCAM(Peer):
    """pytorch-grad-cam's Grad-CAM++ of the last convolution after its ReLU."""

    name = "pytorch-grad-cam"
    package = "grad-cam"

    def prepare(self) -> None:
        """Write PyTorch's file of tensors."""
        import torch  # noqa: F401  # before the large file is written

        checkpoint()

    def load(self) -> None:
        """Make a network as its users do: weights keep their gradients."""
        import torch

        stand_in_for_torchvision()
        from pytorch_grad_cam import GradCAMPlusPlus

        torch.set_num_threads(THREADS)
        network = vgg16()
        self.torch = torch
        self.method = GradCAMPlusPlus(model=network, target_layers=[network.conv5_3_relu])

    def gradcampp(self, x: Floats) -> Floats:
        """Explain the predicted class."""
        return self.method(input_tensor=self.torch.from_numpy(x), targets=None)[0]


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
