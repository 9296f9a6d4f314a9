"""How alike two maps are: rank correlation and structural similarity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import Numbers, checked_heatmap
from .blur import correlate_valid, gaussian_kernel

_WINDOW = gaussian_kernel(1.5, 5)


def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Compute Spearman's rank correlation of two maps' pixels.

    Parameters
    ----------
    first, second
        Maps of the same shape, (height, width), 0 or more. Equal values share the mean of their
        ranks.

    Returns
    -------
    float
        -1 to 1, the correlation of the ranks. A map that is the same everywhere, such as one
        without evidence, has no ranks: 0, or 1 if the other map is so too.

    References
    ----------
    C. Spearman, "The Proof and Measurement of Association between Two Things", The American
    Journal of Psychology 15 (1904).

    Examples
    --------
    >>> rank_correlation([[1, 2, 3]], [[1, 4, 9]])
    1.0
    >>> rank_correlation([[1, 2, 3]], [[2, 2, 1]]).__round__(4)
    -0.866
    """
    one, other = _pair(first, second)
    ranks, others = _ranks(one) - (one.size - 1) / 2, _ranks(other) - (other.size - 1) / 2
    lengths = np.sqrt((ranks @ ranks) * (others @ others))
    if lengths == 0:
        return float(ranks @ ranks == others @ others)
    return float(np.clip(ranks @ others / lengths, -1, 1))


def structural_similarity(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Compute the mean structural similarity (SSIM) of two maps.

    Parameters
    ----------
    first, second
        Maps in [0, 1] of the same shape, (height, width), at least 11x11.

    Returns
    -------
    float
        -1 to 1, 1 for equal maps; defined for maps without evidence, too. The mean over all
        places where the window fits.

    References
    ----------
    Z. Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity",
    IEEE Transactions on Image Processing 13 (2004), equation 13: Gaussian window of 11x11 with a
    deviation of 1.5, K1 = 0.01, K2 = 0.03, a range of 1.

    Examples
    --------
    >>> import numpy as np
    >>> structural_similarity(np.zeros((11, 11)), np.full((11, 11), 0.1)).__round__(6)
    0.009901
    """
    one, other = _pair(first, second)
    if min(one.shape) < len(_WINDOW):
        raise InvalidArgumentError(f"the maps have shape {one.shape}, expected 11x11 or more")

    def mean(values: Numbers) -> Numbers:
        return correlate_valid(values, _WINDOW)

    mean_one, mean_other = mean(one), mean(other)
    variance = mean(one * one) - mean_one**2
    variance_other = mean(other * other) - mean_other**2
    covariance = mean(one * other) - mean_one * mean_other
    c1, c2 = 0.01**2, 0.03**2
    light = (2 * mean_one * mean_other + c1) / (mean_one**2 + mean_other**2 + c1)
    structure = (2 * covariance + c2) / (variance + variance_other + c2)
    return float((light * structure).mean())


def _pair(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    one, other = checked_heatmap(first), checked_heatmap(second)
    if one.shape != other.shape:
        raise InvalidArgumentError(f"the maps have shapes {one.shape} and {other.shape}")
    return one, other


def _ranks(values: Numbers) -> Numbers:
    """Rank all values from 0; equal ones share the mean of their ranks."""
    _, places, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    means: Numbers = np.cumsum(counts) - (counts + 1) / 2
    return means[places.ravel()]
