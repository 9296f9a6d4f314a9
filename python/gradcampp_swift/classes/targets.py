"""Which class a person means."""

from __future__ import annotations

import contextlib
import operator
import re
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from ..errors import (
    AmbiguousNameError,
    ClassIndexError,
    InvalidArgumentError,
    UnknownNameError,
    WrongTypeError,
)
from .number_or_label import class_of_text
from .predictions import Prediction

Target: TypeAlias = "int | np.integer[Any] | str | Prediction"
"""A class index, a label name, or a Prediction, which means its class."""


class Chosen(NamedTuple):
    """The classes that are asked about, of a model whose labels are known."""

    targets: list[int | None]
    """Classes, None for the predicted one; empty with `top`."""

    top: int
    """How many most probable classes; 0 with `targets`."""

    is_list: bool
    """Whether each picture's answer is a list."""


def choose(target: object, labels: list[str]) -> Chosen:
    """Find the classes that an argument `target` means; `Model.explain` documents it.

    Raises
    ------
    GradCAMError
        As `resolve_target` and `top_count` do.
    """
    top = top_count(target, labels)
    if top:
        return Chosen([], top, True)
    is_list = isinstance(target, (list, tuple)) and not isinstance(target, Prediction)
    items: list[Any] = list(target) if is_list else [target]  # type: ignore[call-overload]
    return Chosen(
        [None if item is None else resolve_target(item, labels) for item in items], 0, is_list
    )


def top_count(target: object, labels: list[str]) -> int:
    """Return 5 for "top5", and 0 for what is no such text or is a label.

    Raises
    ------
    InvalidArgumentError
        The model has fewer classes.
    """
    found = re.fullmatch(r"top([1-9][0-9]{0,6})", target) if isinstance(target, str) else None
    if found is None or target in labels:
        return 0
    if int(found[1]) > len(labels):
        raise InvalidArgumentError(f"target is {target!r}, the model has {len(labels)} classes")
    return int(found[1])


def resolve_target(target: object, labels: list[str]) -> int:
    """Turn a class index, a label name or a Prediction into a class index.

    A name may be the whole label, the label without its WordNet id, the id, or one of the
    label's comma-separated names, in that order of preference, upper or lower case. A text that
    is a number may also be the index; `number_or_label` has the rule.

    Raises
    ------
    WrongTypeError
        For anything else than an integer or a string; a bool or a float is neither.
    ClassIndexError
        The index lies outside the classes.
    UnknownNameError
        No class has that name; or, as AmbiguousNameError, several may be meant.
    """
    if isinstance(target, Prediction):
        target = target.index
    if isinstance(target, str):
        target = class_of_text(target, labels, lambda name: _named(name, labels))
    index = None
    if not isinstance(target, (bool, np.bool_)):
        with contextlib.suppress(TypeError):
            index = operator.index(target)  # type: ignore[arg-type]
    if index is None:
        raise WrongTypeError(
            f"target is {target!r}, expected a class index, a label name, a Prediction, None or a "
            "list of those"
        )
    if not 0 <= index < len(labels):
        hint = "; None means the predicted class" if index < 0 else ""
        raise ClassIndexError(f"target is {index}, expected 0 to {len(labels) - 1}{hint}")
    return index


def _named(target: str, labels: list[str]) -> int:
    if labels.count(target) == 1:
        return labels.index(target)
    wanted = " ".join(target.split()).casefold()
    ways = [_spellings(label.casefold()) for label in labels]
    for preference in range(3):
        found = [index for index, spellings in enumerate(ways) if wanted in spellings[preference]]
        if len(found) > 1:
            named = "; ".join(f"{index} = {labels[index]}" for index in found[:8])
            more = f" and {len(found) - 8} more" if len(found) > 8 else ""
            raise AmbiguousNameError(f"label {target!r} names several classes: {named}{more}")
        if found:
            return found[0]
    raise UnknownNameError(f"no class is labelled {target!r}; the first label is {labels[0]!r}")


def _spellings(label: str) -> tuple[list[str], list[str], list[str]]:
    """List the whole label, then its name without WordNet id, then the id and each of its names."""
    first, _, rest = label.partition(" ")
    is_id = len(first) == 9 and first[0] == "n" and first[1:].isdecimal()
    name = rest if is_id and rest else label
    return [label], [name], [first, *name.split(", ")] if is_id else name.split(", ")
