"""A map of any network over one's own picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_name, check_share, check_unmasked
from ..errors import InvalidArgumentError, WrongTypeError
from ..pictures.pixels import ROUNDING
from ..pictures.reading import ImageLike, as_image
from ..pictures.resizing import resized


def overlay(
    image: ImageLike,
    map: npt.ArrayLike,  # noqa: A002  # its name, as a parameter
    alpha: float = 0.3,
    colormap: str = "jet",
) -> npt.NDArray[np.uint8]:
    """Draw a map of any network, such as `cam` makes, over a picture.

    Parameters
    ----------
    image
        A picture as `Model.explain` takes it, and what the network saw of it is all of it: where
        the network saw a part, such as a crop in the middle, give that part.
    map
        Real numbers (rows, columns) in [0, 1], of any size.
    alpha
        Weight of the map, more than 0, at most 1.
    colormap
        One of `colormaps()`.

    Returns
    -------
    uint8 RGB (height, width, 3)
        The picture, upright and of its own size. The map is brought to it, and drawn, as
        `Explanation.overlay` does it: interpolated linearly, with 0 outside.

    Raises
    ------
    InvalidArgumentError, WrongTypeError
        The map is not as above, `alpha` lies outside its range, or there is no such colour map.
    GradCAMError
        The picture cannot be used; see `Model.explain`.

    Examples
    --------
    >>> import numpy as np
    >>> import gradcampp_swift as gcpp
    >>> random = np.random.default_rng(0)
    >>> activations, gradients = random.random((7, 7, 64)), random.standard_normal((7, 7, 64))
    >>> photo = np.zeros((480, 640, 3), np.uint8)
    >>> gcpp.overlay(photo, gcpp.cam(activations, gradients)).shape
    (480, 640, 3)
    """
    weight = check_share(alpha, "alpha")
    table = _core.colormap_table(check_name(colormap, "colormap"))
    values = _checked(map)
    picture = as_image(image).pixels()
    drawn = np.empty_like(picture)
    for rows, numbers in resized(values, *picture.shape[:2]):
        # The library's formulas, in its order, so that the same numbers give the same colours.
        colors = table[255 - (255 * (1 - numbers.astype(np.float64))).astype(np.intp)]
        blend = (1 - weight) * (picture[rows] / 255) + weight * (colors / 255)
        drawn[rows] = np.clip(blend * 255, 0, 255).astype(np.uint8)
    return drawn


def _checked(given: npt.ArrayLike) -> npt.NDArray[np.float64]:
    check_unmasked(given, "map")
    try:
        array = np.asarray(given)
    except Exception as error:  # tensors of other programs say why in their own way
        raise WrongTypeError(f"map is no array: {' '.join(str(error).split())}") from None
    if array.dtype.kind not in "fiub":
        raise WrongTypeError(f"map is of {array.dtype}, expected real numbers")
    if array.ndim != 2 or not array.size:
        hint = ": take one map with [0]" if array.ndim == 3 else ""
        raise InvalidArgumentError(
            f"map has shape {array.shape}, expected rows and columns, neither of them 0{hint}"
        )
    values = array.astype(np.float64)
    low, high = values.min(), values.max()
    if not (low >= -ROUNDING and high <= 1 + ROUNDING):  # NaN is neither
        raise InvalidArgumentError(
            f"map holds numbers from {low:g} to {high:g}, expected [0, 1]: take its positive part "
            "and divide it by its largest number"
        )
    return np.clip(values, 0, 1)
