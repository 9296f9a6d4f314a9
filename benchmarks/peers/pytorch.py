"""PyTorch: forward pass, and guided backpropagation by hooks."""

from typing import Any

import numpy as np

from ..vgg16 import Floats
from .peer import THREADS, Peer


class PyTorch(Peer):
    """PyTorch's eager mode, in inference mode where no gradient is wanted."""

    name = "PyTorch"
    package = "torch"

    def prepare(self) -> None:
        """Let the network write what its module reads."""
        self.network.module()

    def load(self) -> None:
        """Make one network for the forward pass and one with hooks, which share tensors."""
        import torch

        torch.set_num_threads(THREADS)
        self.torch = torch
        self.module = self.network.module().requires_grad_(False)
        self.guided_module = guided(self.network.module().requires_grad_(False))

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        with self.torch.inference_mode():
            return self.module(self.torch.from_numpy(x))[0].numpy()

    def guided(self, x: Floats) -> Floats:
        """Run forward, then backward to the pixels; no gradients of weights."""
        pixels = self.torch.from_numpy(x).requires_grad_()
        logits = self.guided_module(pixels)
        gradient = self.torch.autograd.grad(logits[0].max(), pixels)[0]
        return np.ascontiguousarray(gradient[0].numpy()[::-1].transpose(1, 2, 0)) * 255


def guided(module: Any) -> Any:
    """Let each ReLU pass only positive gradients back."""
    from torch import nn

    for part in module.modules():
        if isinstance(part, nn.ReLU):
            part.register_full_backward_hook(lambda _, gradients, __: (gradients[0].clamp(min=0),))
    return module
