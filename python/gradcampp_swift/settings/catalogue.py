"""What can be named: methods, colour maps, preprocessings."""

from typing import NamedTuple, TypeAlias

from .. import _core


class Description(NamedTuple):
    """A colour map or preprocessing that can be named."""

    name: str
    summary: str
    citation: str
    """Empty where there is none."""


class Option(NamedTuple):
    """Something that can be chosen about a method, with `options` of `Model.explain`."""

    name: str
    summary: str
    kind: str
    """"number", "integer" or "flag", which is 0 or 1."""
    default: float
    range: tuple[float, float]
    """The least and the largest value."""


class Needs(NamedTuple):
    """What a method has to be given, and whether it looks at further pictures."""

    several_layers: bool
    """Whether it takes more than one layer."""
    gradients: bool
    """Whether it looks at gradients, so that a walk back through the network is made."""
    scoring: bool
    """Whether it runs the network again, as often as its options say."""
    input: bool
    """Whether it looks at the picture itself, and takes no layer."""
    repeats: bool
    """Whether changed pictures go forward and back, as often as its options say."""


class Method(NamedTuple):
    """An attribution method."""

    name: str
    summary: str
    citation: str

    @property
    def needs(self) -> Needs:
        """What it has to be given."""
        return Needs(*_details(self.name)[0])

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen about it."""
        return tuple(
            Option(name, summary, kind, default, (least, most))
            for name, summary, kind, default, least, most in _details(self.name)[1]
        )


_Details: TypeAlias = (
    "tuple[tuple[bool, ...], tuple[tuple[str, str, str, float, float, float], ...]]"
)


def _details(name: str) -> _Details:
    """Find needs and options of a method, which the tuple of version 0.1.0 has no place for."""
    return next(found[3:] for found in _core.methods() if found[0] == name)


def methods() -> dict[str, Method]:
    """Describe the attribution methods.

    Returns
    -------
    dict from str to Method
        By name, each with (name, summary, citation), and with `needs` and `options`.

    Examples
    --------
    >>> import gradcampp_swift as gcpp
    >>> print(gcpp.methods()["gradcam"].summary)
    Grad-CAM: channels weighted by their mean gradient
    """
    return {item[0]: Method(*item[:3]) for item in _core.methods()}


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
