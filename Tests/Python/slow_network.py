"""Small networks of VGG's shape in NumPy: slow, plain, in float64."""

from typing import NamedTuple

import networks
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

MEAN = np.array([103.939, 116.779, 123.68])
"""Of blue, green and red, that Caffe's networks subtract."""


class Pass(NamedTuple):
    """What a forward pass leaves, of one picture."""

    logits: Numbers
    conv5_3: Numbers
    """(h, w, channels), after ReLU."""
    pool5: Numbers
    hidden: list[Numbers]
    """After the ReLU of each dense layer but the last."""


def prepared(picture: npt.ArrayLike) -> Numbers:
    """Bring RGB in [0, 1] to what the network takes."""
    return np.asarray(picture, np.float64)[:, :, ::-1] * 255 - MEAN


def convolved(values: Numbers, kernel: Numbers, biases: Numbers) -> Numbers:
    """Convolve 3 x 3, what lies outside being 0."""
    height, width, _ = values.shape
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)))
    return biases + sum(
        padded[row : row + height, column : column + width] @ kernel[row, column]
        for row in range(3)
        for column in range(3)
    )


def windows(values: Numbers) -> Numbers:
    """Give the four values of each 2 x 2 window: (h / 2, w / 2, 4, channels)."""
    height, width, channels = values.shape
    split = values.reshape(height // 2, 2, width // 2, 2, channels)
    return split.transpose(0, 2, 1, 3, 4).reshape(height // 2, width // 2, 4, channels)


def forward(weights: networks.Weights, picture: npt.ArrayLike) -> Pass:
    """Run a network on a picture of its input's size, RGB in [0, 1]."""
    values = prepared(picture)
    for block, depth in enumerate(networks.BLOCKS, start=1):
        for index in range(1, depth + 1):
            kernel, biases = (each.astype(np.float64) for each in weights[f"conv{block}_{index}"])
            values = np.maximum(convolved(values, kernel, biases), 0)
        last, values = values, windows(values).max(axis=2)
    hidden = [values.ravel()]
    for name in ("fc6", "fc7", "fc8"):
        kernel, biases = (each.astype(np.float64) for each in weights[name])
        hidden.append(hidden[-1] @ kernel + biases)
        if name != "fc8":
            hidden[-1] = np.maximum(hidden[-1], 0)
    return Pass(hidden[-1], last, values, hidden[1:-1])


def gradient(weights: networks.Weights, found: Pass, over_logits: npt.ArrayLike) -> Numbers:
    """Walk back from weights over the logits to conv5_3."""
    flow = np.asarray(over_logits, np.float64)
    for name, below in zip(("fc8", "fc7"), reversed(found.hidden), strict=True):
        flow = (weights[name][0].astype(np.float64) @ flow) * (below > 0)
    flow = (weights["fc6"][0].astype(np.float64) @ flow).reshape(found.pool5.shape)
    split = windows(found.conv5_3)
    first = np.arange(4)[:, np.newaxis] == split.argmax(axis=2)[:, :, np.newaxis, :]
    height, width, _, channels = split.shape
    spread = (first * flow[:, :, np.newaxis, :]).reshape(height, width, 2, 2, channels)
    return spread.transpose(0, 2, 1, 3, 4).reshape(found.conv5_3.shape)


def softmax(logits: Numbers) -> Numbers:
    """Turn logits into probabilities."""
    shifted = np.exp(logits - logits.max())
    return shifted / shifted.sum()


def sigmoid(logits: npt.ArrayLike) -> Numbers:
    """Turn each logit into a probability of its own."""
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def grad_cam(activations: Numbers, gradients: Numbers) -> Numbers:
    """Compute Grad-CAM (Selvaraju et al. 2017), largest value 1."""
    found = np.maximum((activations * gradients.mean(axis=(0, 1))).sum(axis=2), 0)
    return found / found.max() if found.max() > 0 else found
