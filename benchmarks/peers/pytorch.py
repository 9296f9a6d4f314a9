"""PyTorch: forward pass, and guided backpropagation by hooks."""

from pathlib import Path
from typing import Any

import numpy as np

from ..files import cached
from ..vgg16 import BLOCKS, CONVOLUTIONS, DENSE, Floats, channels_first_weights
from .peer import THREADS, Peer


class PyTorch(Peer):
    """PyTorch's eager mode, in inference mode where no gradient is wanted."""

    name = "PyTorch"
    package = "torch"

    def prepare(self) -> None:
        """Write a file of tensors."""
        import torch  # noqa: F401  # before the large file is written

        checkpoint()

    def load(self) -> None:
        """Make one network for the forward pass and one with hooks, which share tensors."""
        import torch

        torch.set_num_threads(THREADS)
        self.torch = torch
        self.network = vgg16().requires_grad_(False)
        self.guided_network = guided(vgg16().requires_grad_(False))

    def forward(self, x: Floats) -> Floats:
        """Run the network."""
        with self.torch.inference_mode():
            return self.network(self.torch.from_numpy(x))[0].numpy()

    def guided(self, x: Floats) -> Floats:
        """Run forward, then backward to the pixels; no gradients of weights."""
        pixels = self.torch.from_numpy(x).requires_grad_()
        logits = self.guided_network(pixels)
        gradient = self.torch.autograd.grad(logits[0].max(), pixels)[0]
        return np.ascontiguousarray(gradient[0].numpy()[::-1].transpose(1, 2, 0)) * 255


def checkpoint() -> Path:
    """Path of the file of tensors."""
    return cached("vgg16.pt", _write)


def vgg16() -> Any:
    """Load the network as a torch.nn.Sequential whose layers are named."""
    import torch
    from torch import nn

    shapes = torch.load(checkpoint(), mmap=True)
    layers: dict[str, nn.Module] = {}
    for block, count in BLOCKS.items():
        for name in (f"conv{block}_{i + 1}" for i in range(count)):
            outputs, inputs = shapes[f"{name}.weight"].shape[:2]
            layers[name] = nn.Conv2d(inputs, outputs, 3, padding=1, device="meta")
            layers[f"{name}_relu"] = nn.ReLU()
        layers[f"pool{block}"] = nn.MaxPool2d(2)
    layers["flat"] = nn.Flatten()
    for name in DENSE:
        outputs, inputs = shapes[f"{name}.weight"].shape
        layers[name] = nn.Linear(inputs, outputs, device="meta")
        if name != "fc8":
            layers[f"{name}_relu"] = nn.ReLU()
    network = nn.Sequential()
    for name, layer in layers.items():
        network.add_module(name, layer)
    network.load_state_dict(shapes, assign=True)
    return network.eval()


def guided(network: Any) -> Any:
    """Let each ReLU pass only positive gradients back."""
    for name, layer in network.named_children():
        if name.endswith("_relu"):
            layer.register_full_backward_hook(lambda _, gradients, __: (gradients[0].clamp(min=0),))
    return network


def _write(path: Path) -> None:
    import torch

    weights = channels_first_weights()
    tensors = {}
    for name in CONVOLUTIONS + DENSE:
        for part, values in zip(("weight", "bias"), weights[name], strict=True):
            tensors[f"{name}.{part}"] = torch.from_numpy(values)
    torch.save(tensors, path)
