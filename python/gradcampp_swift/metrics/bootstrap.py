"""Bootstrap confidence intervals of means.

The percentile interval of B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap",
Chapman & Hall 1993, chapter 13: draw as many pictures as there are, with replacement, many times;
the interval lies between percentiles of the means of these samples.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import Numbers, checked_pairs, checked_values

RESAMPLES = 2000

_BLOCK = 1 << 20  # indices drawn at once


class Interval(NamedTuple):
    """A mean and its confidence interval."""

    mean: float
    low: float
    high: float


def mean_interval(
    values: npt.ArrayLike,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Compute a mean and its bootstrap interval.

    Parameters
    ----------
    values
        One finite number for each picture; one or more.
    confidence
        More than 0, less than 1.
    resamples
        How many samples are drawn.
    seed
        The same values, numbers and seed give the same interval.

    Returns
    -------
    Interval
        For a single value, that value three times.

    References
    ----------
    Efron and Tibshirani 1993, chapter 13, the percentile interval.

    Examples
    --------
    >>> mean_interval([0.0, 1.0, 1.0, 1.0], resamples=1000)
    Interval(mean=0.75, low=0.25, high=1.0)
    """
    numbers = checked_values(values, "values")
    if not 0 < confidence < 1 or resamples < 1:
        raise InvalidArgumentError(
            f"confidence is {confidence!r} and resamples {resamples!r}, expected a number between "
            "0 and 1, and 1 or more"
        )
    tail = 50 * (1 - confidence)
    low, high = np.percentile(_means(numbers, resamples, seed), [tail, 100 - tail])
    return Interval(float(numbers.mean()), float(low), float(high))


def paired_difference(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Compute the mean of first - second for the same pictures, and its bootstrap interval.

    Parameters
    ----------
    first, second
        Numbers of two methods, in the same order of pictures. A picture is drawn with both, so
        that what is hard about it cancels.
    confidence, resamples, seed
        As for `mean_interval`.

    Returns
    -------
    Interval
        One that does not hold 0 says that the methods differ, at this confidence.

    References
    ----------
    Efron and Tibshirani 1993, chapter 13, applied to differences.

    Examples
    --------
    >>> paired_difference([3.0, 5.0, 9.0], [1.0, 3.0, 7.0])
    Interval(mean=2.0, low=2.0, high=2.0)
    """
    one, other = checked_pairs(first, second, ("first", "second"))
    return mean_interval(one - other, confidence, resamples, seed)


def _means(values: Numbers, resamples: int, seed: int) -> Numbers:
    """Compute the mean of each sample, a block of samples at a time."""
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK // values.size)
    means = []
    for start in range(0, resamples, block):
        count = min(block, resamples - start)
        drawn = random.integers(0, values.size, (count, values.size))
        means.append(values[drawn].mean(axis=1))
    return np.concatenate(means)
