"""The walk from a logit back to the pixels of a small network of VGG's shape, in NumPy."""

from collections.abc import Callable

import networks
import numpy as np
from slow_network import Numbers, convolved, prepared, windows

Rectifier = Callable[[Numbers, Numbers], Numbers]
"""From what arrives at a ReLU and its output to what leaves."""


def derivative(flow: Numbers, output: Numbers) -> Numbers:
    """Pass what arrives where the output is positive."""
    return flow * (output > 0)


def guided(flow: Numbers, output: Numbers) -> Numbers:
    """Pass what is positive where the output is (Springenberg et al. 2015)."""
    return np.maximum(flow, 0) * (output > 0)


def deconvolution(flow: Numbers, output: Numbers) -> Numbers:
    """Pass what is positive (Zeiler and Fergus 2014)."""
    return np.maximum(flow, 0)


def pixel_gradient(
    weights: networks.Weights, picture: Numbers, target: int, rectifier: Rectifier = derivative
) -> Numbers:
    """Walk back from a logit to RGB in [0, 1], (h, w, 3)."""
    outputs, below, flow = _forward(weights, picture, target)
    for name in ("fc7", "fc6"):
        flow = weights[name][0].astype(np.float64) @ rectifier(flow, outputs[name])
    for block in range(len(networks.BLOCKS), 0, -1):
        depth = networks.BLOCKS[block - 1]
        flow = _through_pool(flow, outputs[f"conv{block}_{depth}"])
        for index in range(depth, 0, -1):
            name = f"conv{block}_{index}"
            kernel = weights[name][0].astype(np.float64)
            turned = kernel[::-1, ::-1].transpose(0, 1, 3, 2)
            passed = rectifier(flow, outputs[name])
            flow = convolved(passed, turned, np.zeros(below[name].shape[-1]))
    return flow[:, :, ::-1] * 255


def _forward(
    weights: networks.Weights, picture: Numbers, target: int
) -> tuple[dict[str, Numbers], dict[str, Numbers], Numbers]:
    """Outputs after each ReLU, inputs of each convolution, and the flow behind the last layer."""
    values = prepared(picture)
    outputs, below = {}, {}
    for block, depth in enumerate(networks.BLOCKS, start=1):
        for name in (f"conv{block}_{index}" for index in range(1, depth + 1)):
            kernel, biases = (each.astype(np.float64) for each in weights[name])
            below[name] = values
            values = outputs[name] = np.maximum(convolved(values, kernel, biases), 0)
        values = windows(values).max(axis=2)
    values = values.ravel()
    for name in ("fc6", "fc7"):
        kernel, biases = (each.astype(np.float64) for each in weights[name])
        values = outputs[name] = np.maximum(values @ kernel + biases, 0)
    return outputs, below, weights["fc8"][0].astype(np.float64)[:, target]


def _through_pool(flow: Numbers, output: Numbers) -> Numbers:
    """Give each window's flow to its first largest value."""
    split = windows(output)
    height, width, _, channels = split.shape
    flow = flow.reshape(height, width, channels)
    first = np.arange(4)[:, np.newaxis] == split.argmax(axis=2)[:, :, np.newaxis, :]
    spread = (first * flow[:, :, np.newaxis, :]).reshape(height, width, 2, 2, channels)
    return spread.transpose(0, 2, 1, 3, 4).reshape(output.shape)
