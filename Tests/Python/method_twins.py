"""What each method computes from a layer's activations A and gradients g, in NumPy.

Each function takes float64 arrays (h, w, channels) and gives the map before its ending. The key is
the method's name.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

SPACE = (0, 1)


def _weighted(activations: Numbers, weights: Numbers) -> Numbers:
    return activations @ weights


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def _alpha(activations: Numbers, gradients: Numbers) -> Numbers:
    """Equation 19 for a score exp(s), of which the exponential falls out."""
    squares, cubes = gradients**2, gradients**3
    return _ratio(squares, 2 * squares + activations.sum(axis=SPACE) * cubes)


def grad_cam_plus_plus(a: Numbers, g: Numbers) -> Numbers:
    alpha = _alpha(a, g)
    total = (alpha * (g > 0)).sum(axis=SPACE)
    return _weighted(a, _ratio((alpha * np.maximum(g, 0)).sum(axis=SPACE), total))


def paper(a: Numbers, g: Numbers) -> Numbers:
    return _weighted(a, (_alpha(a, g) * np.maximum(g, 0)).sum(axis=SPACE))


def xgrad_cam(a: Numbers, g: Numbers) -> Numbers:
    return _weighted(a, _ratio((g * a).sum(axis=SPACE), a.sum(axis=SPACE)))


def principal(values: Numbers) -> Numbers:
    rows = values.reshape(-1, values.shape[-1])
    left, strengths, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    found = left[:, 0] * strengths[0]
    found *= np.sign(found[np.abs(found).argmax()])
    return found.reshape(values.shape[:2])


def pytorch_grad_cam(a: Numbers, g: Numbers) -> Numbers:
    alpha = g**2 / (2 * g**2 + a.sum(axis=SPACE) * g**3 + 1e-6)
    return _weighted(a, (np.maximum(g, 0) * np.where(g != 0, alpha, 0)).sum(axis=SPACE))


def tf_keras_vis(a: Numbers, g: Numbers) -> Numbers:
    alpha = _alpha(a, g)
    total = alpha.sum(axis=SPACE)
    alpha /= total + (total == 0)
    return _weighted(a, (np.maximum(g, 0) * alpha).sum(axis=SPACE))


def monai(a: Numbers, g: Numbers) -> Numbers:
    below = 2 * g**2 + (a * g**3).sum(axis=SPACE)
    alpha = g**2 / (np.where(below == 0, 1, below) + 1e-7)
    return _weighted(a, (alpha * np.maximum(g, 0)).sum(axis=SPACE))


TWINS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "gradcam++": grad_cam_plus_plus,
    "gradcam": lambda a, g: _weighted(a, g.mean(axis=SPACE)),
    "gradcam++-paper": paper,
    "gradcam+": lambda a, g: _weighted(a, np.maximum(g, 0).mean(axis=SPACE)),
    "hirescam": lambda a, g: (g * a).sum(axis=2),
    "elementwise": lambda a, g: np.maximum(g * a, 0).sum(axis=2),
    "xgradcam": xgrad_cam,
    "layercam": lambda a, g: (np.maximum(g, 0) * a).sum(axis=2),
    "eigencam": lambda a, g: principal(a),
    "eigengradcam": lambda a, g: principal(g * a),
    "gradcam++-pytorch-grad-cam": pytorch_grad_cam,
    "gradcam++-tf-keras-vis": tf_keras_vis,
    "gradcam++-monai": monai,
    "gradcam++-torchcam": lambda a, g: _weighted(a, (np.maximum(g, 0) ** 3).sum(axis=SPACE)),
}
"""Methods that need no network."""


class SeededNumbers:
    """The library's numbers that look random: SplitMix64."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def uniform(self, count: int) -> Numbers:
        found = np.empty(count)
        for index in range(count):
            self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
            mixed = self.state
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
            found[index] = ((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53
        return found

    def normal(self, count: int) -> Numbers:
        return self.uniform(12 * count).reshape(count, 12).sum(axis=1) - 6


def ended(values: Numbers) -> Numbers:
    """Take the positive part, divided by its largest value."""
    positive = np.maximum(values, 0)
    return positive / positive.max() if positive.max() > 0 else positive
