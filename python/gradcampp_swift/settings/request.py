"""What is asked of a model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import check_name
from ..errors import InvalidArgumentError, UnknownNameError, WrongTypeError
from ..values import field_names

if not TYPE_CHECKING:
    from ..values import dataclass
else:  # as whoever reads the code knows it, programs too
    from dataclasses import dataclass

DEFAULT_METHOD = "gradcam++"


@dataclass(frozen=True)
class Request:
    """What is asked of a model about each picture; `Model.explain` documents the fields.

    It travels whole: through streams and folders, to randomised networks, into the records of
    commands. A new option is a field here, of the name that the extension's `explain` gives it,
    and an argument of `Model.explain`.
    """

    target: Any = None
    """As given, a sequence as a tuple; what it means depends on the model's labels."""

    layer: str | Sequence[str] | None = None
    """A name, a tuple of names, or None for the model's own."""

    method: str = DEFAULT_METHOD
    guided: bool = False

    options: Mapping[str, float] | tuple[tuple[str, float], ...] | None = None
    """Of the method: pairs in the order of their names; None for its defaults."""

    def __post_init__(self) -> None:
        """Check names; layers and methods themselves are the core's to know."""
        object.__setattr__(self, "layer", _checked_layer(self.layer))
        check_name(self.method, "method")
        object.__setattr__(self, "guided", bool(self.guided))
        object.__setattr__(self, "options", _checked_options(self.options))
        target = self.target.tolist() if isinstance(self.target, np.ndarray) else self.target
        if isinstance(target, (list, range)):
            target = tuple(target)
        object.__setattr__(self, "target", target)

    def core_keywords(self) -> dict[str, Any]:
        """Say it to the extension's `explain`, all but the target."""
        keywords = {name: getattr(self, name) for name in field_names(Request) if name != "target"}
        return {**keywords, "options": self.options or ()}

    def record(self) -> dict[str, Any]:
        """Say it in JSON; a target must be None, a number, a text, or a value of `targets`."""
        values = {name: getattr(self, name) for name in field_names(Request)}
        targets = self.target if isinstance(self.target, tuple) else (self.target,)
        recorded = [
            each.parts().record(each.kind) if hasattr(each, "parts") else each for each in targets
        ]
        return {
            **values,
            "target": recorded if isinstance(self.target, tuple) else recorded[0],
            "layer": list(self.layer) if isinstance(self.layer, tuple) else self.layer,
            "options": dict(self.options or ()),
        }


def _checked_layer(layer: object) -> str | tuple[str, ...] | None:
    if layer is None or isinstance(layer, str):
        return None if layer is None else check_name(layer, "layer", UnknownNameError)
    if not isinstance(layer, Sequence) or isinstance(layer, (bytes, bytearray)):
        raise WrongTypeError(f"layer is {layer!r}, expected a name or a list of names")
    if not layer:
        raise InvalidArgumentError(
            "layer is an empty list, expected names, or None for the default"
        )
    return tuple(check_name(name, "layer", UnknownNameError) for name in layer)


def _checked_options(options: object) -> tuple[tuple[str, float], ...] | None:
    if not options and (options is None or isinstance(options, (Mapping, tuple))):
        return None
    if not isinstance(options, (Mapping, tuple)):
        raise WrongTypeError(f"options is {options!r}, expected a dict from names to numbers")
    checked = {}
    for name, value in dict(options).items():
        is_number = isinstance(value, (int, float, np.bool_, np.integer, np.floating))
        if not is_number:
            raise WrongTypeError(f"option {name!r} is {value!r}, expected a number")
        if not math.isfinite(value):
            raise InvalidArgumentError(f"option {name!r} is {value!r}, expected a finite number")
        checked[check_name(name, "the name of an option")] = float(value)
    return tuple(sorted(checked.items()))
