"""A narrow VGG16: for training in PyTorch, and its weights as the package reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from gradcampp_swift.settings.preprocessing import CAFFE
from torch import nn

DEPTHS = (2, 2, 3, 3, 3)
WIDTHS = (16, 32, 64, 96, 96)
DENSE = 128
# Folded into conv1_1.
SCALE = 1 / 64

Weights = dict[str, list[npt.NDArray[Any]]]


def names() -> list[str]:
    """List conv1_1 to conv5_3."""
    return [f"conv{b}_{i}" for b, depth in enumerate(DEPTHS, 1) for i in range(1, depth + 1)]


class SlimVGG(nn.Module):
    """VGG16's layers with batch normalisation, which `folded` takes out again.

    Until `untie` is called fc6 has the same weights in all cells of pool5, so that it takes
    pictures of any size.
    """

    def __init__(self, classes: int, dropout: float) -> None:
        super().__init__()
        inputs, layers = 3, []
        for depth, width in zip(DEPTHS, WIDTHS, strict=True):
            for _ in range(depth):
                layers += [
                    nn.Conv2d(inputs, width, 3, padding=1, bias=False),
                    nn.BatchNorm2d(width),
                    nn.ReLU(inplace=True),
                ]
                inputs = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.fc6 = nn.Linear(inputs, DENSE)
        self.fc7 = nn.Linear(DENSE, DENSE)
        self.fc8 = nn.Linear(DENSE, classes)
        self.dropout = nn.Dropout(dropout)
        self.tied = True
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        with torch.no_grad():
            # They add up what some sixteen cells hold, and begin with almost even probabilities.
            self.fc6.weight.mul_(1 / 16)
            self.fc8.weight.mul_(1 / 4)

    def untie(self, cells: int) -> None:
        """Give fc6 weights of its own for each of the cells; they start out the same."""
        dense = nn.Linear(cells * WIDTHS[-1], DENSE)
        with torch.no_grad():
            dense.weight.copy_(self.fc6.weight.repeat(1, cells))
            dense.bias.copy_(self.fc6.bias)
        self.fc6, self.tied = dense, False

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Logits of uint8 RGB pictures (batch, height, width, 3)."""
        x = pictures.flip(3).float() - torch.tensor(CAFFE.mean)
        x = self.features((x * SCALE).permute(0, 3, 1, 2))
        # Channels innermost, as the original flattens.
        x = x.permute(0, 2, 3, 1)
        x = x.sum(dim=(1, 2)) if self.tied else x.flatten(1)
        x = self.dropout(torch.relu(self.fc6(x)))
        x = self.dropout(torch.relu(self.fc7(x)))
        logits: torch.Tensor = self.fc8(x)
        return logits


def folded(model: SlimVGG) -> Weights:
    """Weights without batch normalisation, float16, in the layout of vgg16.npy.

    A convolution w followed by (y - mean) * gamma / sqrt(variance + eps) + beta is the convolution
    w * gamma / sqrt(variance + eps) with biases beta - mean * gamma / sqrt(variance + eps).
    """
    result: Weights = {}
    layers = list(model.features)
    pairs = [
        (conv, layers[index + 1])
        for index, conv in enumerate(layers)
        if isinstance(conv, nn.Conv2d)
    ]
    for name, (conv, norm) in zip(names(), pairs, strict=True):
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kernel = conv.weight * factor[:, None, None, None]
        if name == "conv1_1":
            kernel = kernel * SCALE
        result[name] = [kernel.permute(2, 3, 1, 0), norm.bias - norm.running_mean * factor]
    for name in ("fc6", "fc7", "fc8"):
        dense = getattr(model, name)
        result[name] = [dense.weight.t(), dense.bias]
    return {
        name: [np.ascontiguousarray(each.detach().numpy().astype(np.float16)) for each in arrays]
        for name, arrays in result.items()
    }


def save(path: Path, weights: Weights) -> None:
    """Write an object array that holds a dictionary, as vgg16.npy does."""
    with path.open("wb") as file:
        np.save(file, np.array(weights, dtype=object), allow_pickle=True)


@torch.no_grad()
def logits(weights: Weights, pictures: torch.Tensor) -> torch.Tensor:
    """Logits of uint8 RGB pictures by weights as they are saved, computed in float32."""
    x = (pictures.flip(3).float() - torch.tensor(CAFFE.mean)).permute(0, 3, 1, 2)
    tensors = {
        name: [torch.from_numpy(each.astype(np.float32)) for each in arrays]
        for name, arrays in weights.items()
    }
    for name in names():
        kernel, biases = tensors[name]
        x = torch.relu(nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), biases, padding=1))
        if name in ("conv1_2", "conv2_2", "conv3_3", "conv4_3", "conv5_3"):
            x = nn.functional.max_pool2d(x, 2)
    x = x.permute(0, 2, 3, 1).flatten(1)
    for name in ("fc6", "fc7"):
        x = torch.relu(x @ tensors[name][0] + tensors[name][1])
    return x @ tensors["fc8"][0] + tensors["fc8"][1]
