"""Class activation maps of any framework's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ..arguments import check_name, check_unmasked
from ..errors import InvalidArgumentError, WrongTypeError

LAYOUTS = ("HWC", "CHW")


def cam(
    activations: npt.ArrayLike,
    gradients: npt.ArrayLike,
    method: str = "gradcam++",
    layout: str | None = None,
) -> npt.NDArray[np.float32]:
    """Make the class activation map of a layer's activations and gradients.

    Parameters
    ----------
    activations
        The layer's tensor, real numbers (height, width, channels).
    gradients
        Gradient of the class's logit (not of its probability) by that tensor.
    method
        One of `methods()`.
    layout
        "HWC", or "CHW" for arrays (channels, height, width). None for "HWC" where the shape does
        not look like the other.

    Returns
    -------
    float32 (height, width)
        Largest value 1, or all zero when there is no positive evidence; not resized.

    Raises
    ------
    InvalidArgumentError
        Shapes differ or are not of rank 3, values are not finite, or a name is unknown; or no
        layout is given and the shape may be of either.

    Examples
    --------
    >>> import numpy as np
    >>> import gradcampp_swift as gcpp
    >>> activations = np.zeros((2, 2, 1)); activations[0, 1] = 3
    >>> gcpp.cam(activations, np.ones((2, 2, 1)))
    array([[0., 1.],
           [0., 0.]], dtype=float32)
    """
    if layout is not None and (not isinstance(layout, str) or layout not in LAYOUTS):
        raise InvalidArgumentError(f"layout is {layout!r}, expected one of {', '.join(LAYOUTS)}")
    check_name(method, "method")
    first = _array(activations, "activations", layout or LAYOUTS[0])
    second = _array(gradients, "gradients", layout or LAYOUTS[0])
    if first.shape != second.shape:
        raise InvalidArgumentError(
            f"gradients have shape {second.shape}, expected that of the activations, {first.shape}"
        )
    if layout is None:
        _check_layout(first.shape)
    if layout == "CHW":
        first, second = (np.moveaxis(array, 0, -1) for array in (first, second))
    return _core.cam(_floats(first, "activations"), _floats(second, "gradients"), method)


_MOST_ELONGATED = 8
"""How many times longer one side of a map is than the other without being asked about."""


def _check_layout(shape: tuple[int, ...]) -> None:
    """Refuse to guess where the shape looks like (channels, height, width), as of PyTorch."""
    first, second, third = shape
    is_square_last = second == third != first
    is_elongated = max(first, second) > _MOST_ELONGATED * min(first, second) > 0
    if is_square_last or is_elongated:
        raise InvalidArgumentError(
            f"activations have shape {shape}, which may be channels, height and width or height, "
            "width and channels: give layout='CHW' or layout='HWC'"
        )


def _array(values: npt.ArrayLike, name: str, layout: str) -> npt.NDArray[Any]:
    """Take real numbers of rank 3."""
    check_unmasked(values, name)
    try:
        array = np.asarray(values)
    except Exception as error:
        raise WrongTypeError(f"{name} are no array: {' '.join(str(error).split())}") from None
    if array.dtype.kind not in "fiu":
        raise WrongTypeError(f"{name} are of {array.dtype}, expected real numbers")
    if array.ndim != 3:
        hint = ": take one picture of the batch with [0]" if array.ndim == 4 else ""
        raise InvalidArgumentError(
            f"{name} have shape {array.shape}, expected three dimensions, {layout}{hint}"
        )
    return array


def _floats(array: npt.NDArray[Any], name: str) -> npt.NDArray[np.float32]:
    """Bring real numbers to contiguous float32."""
    with np.errstate(over="ignore"):  # said in words below
        result = np.require(array, np.float32, ["C", "A", "E"])
    # The library refuses NaN and infinity; only here it is known that the value was neither.
    if array.dtype.itemsize > 4 and np.isinf(result).any() and not np.isinf(array).any():
        raise InvalidArgumentError(f"{name} hold a value that is too large for float32")
    return result
