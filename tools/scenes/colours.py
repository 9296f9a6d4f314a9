"""How far colours alone tell the classes apart: a classifier of colour histograms.

Multinomial logistic regression on the 8 x 8 x 8 histogram of RGB levels. What it reaches above
chance (one in twelve) a network could reach without looking at shapes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .scene import scene
from .shapes import LABELS


def histogram(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Take the square root of the share of pixels in each of 512 boxes of colours, (512,).

    The root gives rare colours, such as those of small objects, their weight.
    """
    red, green, blue = (image >> 5).astype(np.intp).reshape(-1, 3).T
    counts = np.bincount(red * 64 + green * 8 + blue, minlength=512)
    shares: npt.NDArray[np.float64] = np.sqrt(counts / counts.sum())
    return shares


def fit(
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.intp],
    rounds: int = 400,
    rate: float = 4.0,
    decay: float = 1e-4,
) -> npt.NDArray[np.float64]:
    """Fit the weights (features + 1, classes) by gradient descent with momentum.

    The last row are biases; `decay` is the weight of half the sum of squares.
    """
    inputs = np.hstack([features, np.ones((len(features), 1))])
    wanted = np.eye(len(LABELS))[labels]
    weights = np.zeros((inputs.shape[1], len(LABELS)))
    velocity = np.zeros_like(weights)
    for _ in range(rounds):
        logits = inputs @ weights
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        error = odds / odds.sum(axis=1, keepdims=True) - wanted
        velocity = 0.9 * velocity - rate * (inputs.T @ error / len(inputs) + decay * weights)
        weights += velocity
    return weights


def accuracy(
    weights: npt.NDArray[np.float64],
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.intp],
) -> float:
    """Find the share of pictures that the weights classify rightly."""
    logits = features @ weights[:-1] + weights[-1]
    return float(np.mean(logits.argmax(axis=1) == labels))


def measure(seed: int, known: int, fresh: int, split: str) -> tuple[float, float]:
    """Find the accuracy on the `known` scenes that it learnt from, and on the next `fresh`."""
    made = [scene(seed, index, split) for index in range(known + fresh)]
    features = np.array([histogram(each.image) for each in made])
    labels = np.array([each.label for each in made], np.intp)
    weights = fit(features[:known], labels[:known])
    return (
        accuracy(weights, features[:known], labels[:known]),
        accuracy(weights, features[known:], labels[known:]),
    )
