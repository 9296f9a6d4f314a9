"""Average Drop, Increase in Confidence and Win: what the network says of the highlighted parts.

The protocol of A. Chattopadhay, A. Sarkar, P. Howlader and V. N. Balasubramanian, "Grad-CAM++:
Generalized Gradient-Based Visual Explanations for Deep Convolutional Networks", WACV 2018,
arXiv:1710.11063, section 4.1: the picture is multiplied by its map, and the network looks again.
With Y the probability (softmax) of the class for the picture i and O that for its explanation map,

    Average Drop %           = 100 / N * sum_i max(0, Y_i - O_i) / Y_i
    Increase in Confidence % = 100 / N * sum_i [Y_i < O_i]
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .arrays import Numbers, checked_heatmap, checked_pairs, checked_picture
from .metric import Case, Column, Metric


def explanation_map(picture: npt.ArrayLike, heatmap: npt.ArrayLike) -> Numbers:
    """Multiply a picture by its map, and stretch the product to [0, 1].

    Parameters
    ----------
    picture
        RGB (height, width, 3), in [0, 1] or uint8.
    heatmap
        The map at the picture's size, (height, width), in [0, 1].

    Returns
    -------
    float64 (height, width, 3)
        (product - smallest value) / (largest - smallest), over all pixels and channels; all zero,
        a black picture, where the product is the same everywhere, as for a map without evidence.

    References
    ----------
    arXiv:1710.11063, section 4.1.

    Examples
    --------
    >>> explanation_map([[[1.0, 1.0, 1.0], [0.5, 0.5, 0.5]]], [[0.5, 0.25]])[0, :, 0]
    array([1., 0.])
    """
    weights = checked_heatmap(heatmap)
    product: Numbers = checked_picture(picture, weights.shape) * weights[:, :, np.newaxis]
    low, high = product.min(), product.max()
    return (product - low) / (high - low) if high > low else np.zeros_like(product)


def drop_percent(original: float, explained: float) -> float:
    """Compute the drop of one picture, in percent of the original probability.

    Parameters
    ----------
    original
        Probability of the class for the picture.
    explained
        Probability of the same class for its explanation map.

    Returns
    -------
    float
        0 to 100; 0 where the probability did not fall, or was 0 to begin with.

    References
    ----------
    arXiv:1710.11063, section 4.1, the summand of Average Drop %.

    Examples
    --------
    >>> drop_percent(0.5, 0.375)
    25.0
    >>> drop_percent(0.5, 0.75)
    0.0
    """
    return 100 * (original - explained) / original if original > explained else 0.0


def average_drop(original: npt.ArrayLike, explained: npt.ArrayLike) -> float:
    """Compute Average Drop %; lower is better.

    Parameters
    ----------
    original, explained
        Probabilities, one of each for a picture, as for `drop_percent`.

    Returns
    -------
    float
        0 to 100.

    References
    ----------
    arXiv:1710.11063, section 4.1, (i).

    Examples
    --------
    >>> average_drop([0.5, 0.5], [0.375, 0.75])
    12.5
    """
    pairs = zip(*checked_pairs(original, explained, ("original", "explained")), strict=True)
    return float(np.mean([drop_percent(before, after) for before, after in pairs]))


def increase_in_confidence(original: npt.ArrayLike, explained: npt.ArrayLike) -> float:
    """Compute % Increase in Confidence: in how many pictures the probability rose.

    Parameters
    ----------
    original, explained
        As for `average_drop`.

    Returns
    -------
    float
        0 to 100; higher is better. An equal probability is no increase.

    References
    ----------
    arXiv:1710.11063, section 4.1, (ii).

    Examples
    --------
    >>> increase_in_confidence([0.8, 0.5, 0.3, 0.4], [0.6, 0.7, 0.3, 0.5])
    50.0
    """
    before, after = checked_pairs(original, explained, ("original", "explained"))
    return float(100 * np.mean(before < after))


class Wins(NamedTuple):
    """Shares of pictures in percent; they add up to 100."""

    first: float
    second: float
    ties: float


def win_percent(first: npt.ArrayLike, second: npt.ArrayLike) -> Wins:
    """Compute Win %: in how many pictures one method's drop is smaller than the other's.

    Parameters
    ----------
    first, second
        Drops of two methods for the same pictures, as from `drop_percent`.

    Returns
    -------
    Wins
        A picture where both drops are equal is a tie and counts for neither method: above all
        one where the probability fell for neither, so that both drops are 0.

    References
    ----------
    arXiv:1710.11063, section 4.1, (iii).

    Examples
    --------
    >>> win_percent([10.0, 0.0, 5.0, 0.0], [20.0, 0.0, 1.0, 8.0])
    Wins(first=50.0, second=25.0, ties=25.0)
    """
    one, other = checked_pairs(first, second, ("first", "second"))
    shares = [float(100 * np.mean(found)) for found in (one < other, other < one, one == other)]
    return Wins(*shares)


def _measure(case: Case) -> tuple[float, float, float]:
    explained = case.score(explanation_map(case.picture, case.heatmap))
    before = case.probability
    return explained, drop_percent(before, explained), float(before < explained)


METRIC = Metric(
    "confidence",
    (
        Column(
            "explained_probability",
            "probability, explanation map",
            "probability of the class for the picture times the map, stretched to [0, 1]",
        ),
        Column(
            "drop",
            "Average Drop %",
            "fall from `probability` to `explained_probability`, percent of the former; 0 if none",
            decimals=1,
        ),
        Column(
            "increase",
            "Increase in Confidence %",
            "1 where `explained_probability` is above `probability`, else 0",
            scale=100,
            decimals=1,
        ),
    ),
    _measure,
)
