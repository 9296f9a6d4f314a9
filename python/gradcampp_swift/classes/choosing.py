"""What an argument `target` asks for, of a network whose classes have names."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from ..errors import InvalidArgumentError
from .class_names import ClassNames
from .predictions import Prediction
from .targets import Logit, Not, Value

CoreTarget: TypeAlias = (
    "tuple[str, tuple[int, ...], tuple[int, ...], npt.NDArray[np.float32] | None]"
)
"""(kind, classes, others, weights), as the extension takes a target."""

_OPPOSITE = {Logit.kind: Not.kind, Not.kind: Logit.kind}
"""What a target means for the one class of a network, when its opposite is named."""


class Chosen(NamedTuple):
    """What is asked about."""

    targets: list[Value | None]
    """Targets, None for the predicted class; empty with `top`."""

    top: int
    """How many most probable classes; 0 with `targets`."""

    is_list: bool
    """Whether each picture's answer is a list."""


def choose(target: object, names: ClassNames) -> Chosen:
    """Read an argument `target`; `Model.explain` documents it.

    Raises
    ------
    WrongTypeError, InvalidArgumentError
        It is nothing that can be asked for, or asks for more classes than there are.
    """
    top = top_count(target, names)
    if top:
        return Chosen([], top, True)
    is_list = isinstance(target, (list, tuple)) and not isinstance(target, Prediction)
    items: list[Any] = list(target) if is_list else [target]  # type: ignore[call-overload]
    return Chosen([None if item is None else as_value(item) for item in items], 0, is_list)


def as_value(target: Any) -> Value:
    """Take a target as it is, and a plain class for its logit."""
    found: Value = target if isinstance(target, get_args(Value)) else Logit(target)
    return found


def top_count(target: object, names: ClassNames) -> int:
    """Return 5 for "top5", and 0 for what is no such text or is a label.

    Raises
    ------
    InvalidArgumentError
        The model has fewer classes.
    """
    found = re.fullmatch(r"top([1-9][0-9]{0,6})", target) if isinstance(target, str) else None
    if found is None or target in names.labels or target == names.opposite:
        return 0
    if int(found[1]) > len(names.labels):
        raise InvalidArgumentError(
            f"target is {target!r}, the model has {len(names.labels)} classes"
        )
    return int(found[1])


def resolve(target: Value, names: ClassNames, output_shape: tuple[int, ...]) -> CoreTarget:
    """Turn a target into what the extension takes.

    Parameters
    ----------
    target
        What is asked for.
    names, output_shape
        Of the network.

    Raises
    ------
    ClassIndexError, UnknownNameError
        There is no such class.
    InvalidArgumentError
        The weights have another shape than the output, or the opposite of a network's only class is
        named where only classes serve.
    """
    classes, others, weights = target.parts()
    if any(map(names.is_opposite, (*classes, *others))):
        if target.kind not in _OPPOSITE:
            raise InvalidArgumentError(
                f"{names.opposite!r} is what the network's answer no means, and only Logit and Not "
                f"take it; its class is {names.labels[0]!r}"
            )
        return _OPPOSITE[target.kind], (0,), (), None
    if weights is not None:
        # A class's weights are over cells; the library refuses them where there is no map.
        cells = output_shape[:-1] or weights.shape
        wanted = cells if classes else output_shape
        if weights.shape != wanted:
            raise InvalidArgumentError(
                f"the weights of the target have shape {weights.shape}, expected {wanted}: the "
                f"network's output is of shape {output_shape}"
            )
    return (
        target.kind,
        tuple(map(names.index, classes)),
        tuple(map(names.index, others)),
        None if weights is None else weights.reshape(-1),
    )


def title_of(target: Value, names: ClassNames) -> str:
    """Say in words what is explained; the target must have been resolved."""
    classes, others, weights = target.parts()
    if names.opposite is not None and weights is None and not others:
        is_opposite = names.is_opposite(classes[0])
        if target.kind in _OPPOSITE:
            says_no = is_opposite != (target.kind == Not.kind)
            return names.opposite if says_no else names.labels[0]
    return target.title(
        [names.short[names.index(each)] for each in classes],
        [names.short[names.index(each)] for each in others],
    )
