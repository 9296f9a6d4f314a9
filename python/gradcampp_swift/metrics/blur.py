"""Gaussian blur."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .arrays import Numbers


def gaussian_kernel(sigma: float, radius: int) -> Numbers:
    """Sample exp(-i^2 / (2 sigma^2)) for i from -radius to radius, and divide by the sum.

    Examples
    --------
    >>> gaussian_kernel(1.0, 1).round(4)
    array([0.2741, 0.4519, 0.2741])
    """
    if not 0 < sigma < np.inf or radius < 0:
        raise InvalidArgumentError(
            f"sigma is {sigma!r} and radius {radius!r}, expected more than 0 and 0 or more"
        )
    values: Numbers = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    normalised: Numbers = values / values.sum()
    return normalised


def correlate_valid(values: Numbers, kernel: Numbers) -> Numbers:
    """Weigh the neighbours of each value by a kernel, along rows and columns.

    Only where the whole kernel fits: height and width shrink by the kernel's length less one.
    """
    for axis in (0, 1):
        size = values.shape[axis] - len(kernel) + 1
        lines = values.swapaxes(0, axis)
        total = kernel[0] * lines[:size]
        for index, weight in enumerate(kernel[1:], start=1):
            total += weight * lines[index : index + size]
        values = total.swapaxes(0, axis)
    return values


def gaussian_blur(picture: npt.ArrayLike, sigma: float = 5.0, radius: int = 5) -> Numbers:
    """Blur a picture; what lies beyond the border is like the nearest pixel.

    Parameters
    ----------
    picture
        (height, width) or (height, width, channels).
    sigma
        Standard deviation of the Gaussian, in pixels.
    radius
        Where it is cut off, in pixels. The defaults make the window of 11x11 with a deviation of
        5 that the authors of RISE blur with.

    Returns
    -------
    float64, of the picture's shape

    Examples
    --------
    >>> gaussian_blur([[0.0, 0.0, 9.0]], sigma=1.0, radius=1).round(2)
    array([[0.  , 2.47, 6.53]])
    """
    values = np.asarray(picture, np.float64)
    if values.ndim not in (2, 3) or not values.size:
        raise InvalidArgumentError(f"the picture has shape {values.shape}, expected 2 or 3 axes")
    kernel = gaussian_kernel(sigma, radius)
    margin = [(radius, radius), (radius, radius), (0, 0)][: values.ndim]
    return correlate_valid(np.pad(values, margin, mode="edge"), kernel)
