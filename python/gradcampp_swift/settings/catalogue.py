"""What can be named: methods, colour maps, preprocessings."""

from typing import NamedTuple

from .. import _core


class Description(NamedTuple):
    """A method, colour map or preprocessing that can be named."""

    name: str
    summary: str
    citation: str
    """Empty where there is none."""


def methods() -> dict[str, Description]:
    """Describe the attribution methods.

    Returns
    -------
    dict from str to Description
        By name, each with (name, summary, citation).

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> print(gcpp.methods()["gradcam"].summary)
    Grad-CAM: channels weighted by their mean gradient
    """
    return {item[0]: Description(*item) for item in _core.methods()}


def colormaps() -> dict[str, Description]:
    """Describe the colour maps.

    Returns
    -------
    dict from str to Description
        By name, each with (name, summary, citation).

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> "viridis" in gcpp.colormaps()
    True
    """
    return {item[0]: Description(*item) for item in _core.colormaps()}


def preprocessings() -> dict[str, Description]:
    """Describe the preprocessings that can be named.

    Returns
    -------
    dict from str to Description
        By name, each with (name, summary, citation).
    """
    return {item[0]: Description(*item) for item in _core.preprocessings()}
