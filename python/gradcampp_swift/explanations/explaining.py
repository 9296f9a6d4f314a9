"""What is asked of a picture, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import _core
from ..arguments import check_name
from ..classes.predictions import Prediction, labelled
from ..classes.targets import Target, resolve_target, top_count
from ..errors import UnknownNameError
from .explanation import Explanation


class Request(NamedTuple):
    """What is wanted of every picture; names of layer and method are the core's to check."""

    targets: list[int | None]
    """Classes, None for the predicted one; empty with `top`."""

    top: int
    """How many most probable classes; 0 with `targets`."""

    is_list: bool
    """Whether each picture's answer is a list."""

    layer: str | None
    method: str
    guided: bool


def request(
    target: Target | Sequence[Target | None] | None,
    layer: str | None,
    method: str,
    guided: bool,
    labels: list[str],
) -> Request:
    """Check the arguments of `Model.explain`, which documents them."""
    if layer is not None:
        check_name(layer, "layer", UnknownNameError)
    check_name(method, "method")
    if isinstance(target, np.ndarray):
        target = target.tolist()
    top = top_count(target, labels)
    is_list = isinstance(target, (list, tuple, range)) and not isinstance(target, Prediction)
    items: list[Any] = [] if top else list(target) if is_list else [target]  # type: ignore[arg-type]
    targets = [None if item is None else resolve_target(item, labels) for item in items]
    return Request(targets, top, is_list or top > 0, layer, method, bool(guided))


def explain(
    core: _core.Model, pictures: Sequence[_core.Image], wanted: Request, labels: list[str]
) -> list[Any]:
    """Explain pictures at once.

    Returns
    -------
    list of Explanation, or of list of Explanation
        One item for each picture.
    """
    indices = [target for target in wanted.targets if target is not None]
    is_mixed = len(wanted.targets) > 1 and len(indices) < len(wanted.targets)
    if is_mixed and len(pictures) > 1:
        return [explain(core, [picture], wanted, labels)[0] for picture in pictures]
    if is_mixed:
        predicted = core.predict(pictures[0], 1)[0][0]
        indices = [predicted if target is None else target for target in wanted.targets]
    is_predicted = wanted.targets == [None] or wanted.top > 0
    found = core.explain(
        pictures,
        method=wanted.method,
        layer=wanted.layer,
        targets=None if is_predicted else indices,
        guided=wanted.guided,
        top=wanted.top,
    )
    explanations = [
        Explanation(
            each,
            labelled(each.target, labels),
            [labelled(prediction, labels) for prediction in each.predictions],
        )
        for each in found
    ]
    if not wanted.is_list:
        return explanations
    count = len(explanations) // len(pictures)
    return [explanations[place * count : (place + 1) * count] for place in range(len(pictures))]
