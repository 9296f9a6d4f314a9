"""Class activation maps of any framework's numbers."""

from __future__ import annotations

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
    layout: str = "HWC",
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
        "HWC", or "CHW" for arrays (channels, height, width).

    Returns
    -------
    float32 (height, width)
        Largest value 1, or all zero when there is no positive evidence; not resized.

    Raises
    ------
    InvalidArgumentError
        Shapes differ or are not of rank 3, values are not finite, or a name is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> import gradcampp_swift as gcpp
    >>> activations = np.zeros((2, 2, 1)); activations[0, 1] = 3
    >>> gcpp.cam(activations, np.ones((2, 2, 1)))
    array([[0., 1.],
           [0., 0.]], dtype=float32)
    """
    if not isinstance(layout, str) or layout not in LAYOUTS:
        raise InvalidArgumentError(f"layout is {layout!r}, expected one of {', '.join(LAYOUTS)}")
    check_name(method, "method")
    first = _channels_last(activations, "activations", layout)
    second = _channels_last(gradients, "gradients", layout)
    if first.shape != second.shape:
        raise InvalidArgumentError(
            f"gradients have shape {np.shape(gradients)}, expected that of the activations, "
            f"{np.shape(activations)}"
        )
    return _core.cam(first, second, method)


def _channels_last(values: npt.ArrayLike, name: str, layout: str) -> npt.NDArray[np.float32]:
    """Bring real numbers of rank 3 to contiguous float32, channels last."""
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
    if layout == "CHW":
        array = np.moveaxis(array, 0, -1)
    with np.errstate(over="ignore"):  # said in words below
        result = np.require(array, np.float32, ["C", "A", "E"])
    # The library refuses NaN and infinity; only here it is known that the value was neither.
    if array.dtype.itemsize > 4 and np.isinf(result).any() and not np.isinf(array).any():
        raise InvalidArgumentError(f"{name} hold a value that is too large for float32")
    return result
