"""VGG16 as a PyTorch module."""

from pathlib import Path
from typing import Any

from .files import cached
from .vgg16 import BLOCKS, CONVOLUTIONS, DENSE, channels_first_weights


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


def _write(path: Path) -> None:
    import torch

    weights = channels_first_weights()
    tensors = {}
    for name in CONVOLUTIONS + DENSE:
        for part, values in zip(("weight", "bias"), weights[name], strict=True):
            tensors[f"{name}.{part}"] = torch.from_numpy(values)
    torch.save(tensors, path)
