"""Small networks of VGG's shape, made from a seed."""

from typing import Any

import numpy as np
import numpy.typing as npt

Weights = dict[str, list[npt.NDArray[Any]]]

BLOCKS = (2, 2, 3, 3, 3)


def make_weights(seed: int = 1, *, side: int = 64, channels: int = 8, classes: int = 10) -> Weights:
    """Weights of VGG16's layers with few channels, for square inputs of `side`."""
    random = np.random.default_rng(seed)
    weights: Weights = {}

    def add(name: str, shape: tuple[int, ...]) -> None:
        scale = np.sqrt(2 / np.prod(shape[:-1]))
        kernel = random.standard_normal(shape) * scale
        biases = random.standard_normal(shape[-1]) * 0.05
        weights[name] = [kernel.astype(np.float32), biases.astype(np.float32)]

    inputs = 3
    for block, depth in enumerate(BLOCKS, start=1):
        for index in range(1, depth + 1):
            add(f"conv{block}_{index}", (3, 3, inputs, channels))
            inputs = channels
    weights["conv1_1"][0] *= np.float32(1 / 64)  # its inputs are as large as 150
    add("fc6", ((side // 32) ** 2 * channels, 16))
    add("fc7", (16, 16))
    add("fc8", (16, classes))
    return weights


def make_watcher() -> Weights:
    """Weights of a network whose map is bright where the picture is: filters pass brightness on.

    Each convolution's first channel is its input's first channel (of conv1_1: the mean of the
    colours less a grey); class 0 is the sum of the last.
    """
    weights = make_weights()
    for name, (kernel, biases) in weights.items():
        kernel[...] = 0
        biases[...] = 0
        if name == "conv1_1":
            kernel[1, 1, :, 0] = 1 / 3
            biases[0] = -20
        elif kernel.ndim == 4:
            kernel[1, 1, 0, 0] = 1
        elif name == "fc6":
            kernel[:: weights["conv5_3"][1].size, 0] = 1
        else:
            kernel[0, 0] = 1
    return weights


def save_weights(path: Any, weights: Weights) -> None:
    """Write weights the way vgg16.npy holds them."""
    np.save(path, np.array(weights, dtype=object), allow_pickle=True)
