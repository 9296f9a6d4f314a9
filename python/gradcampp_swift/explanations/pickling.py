"""An explanation's parts, as a pickle holds them."""

from __future__ import annotations

from typing import Any

from .. import _core

_PARTS = (
    "method",
    "layer",
    "target",
    "predictions",
    "heatmap",
    "cam",
    "channel_weights",
    "guided",
    "seen",
    "scale",
    "area",
    "target_kind",
    "score",
)
"""Attributes of the extension's Explanation, and arguments of `explanation_restore`."""

_UNKNOWN = {"scale": 0.0, "area": None, "target_kind": None, "score": 0.0}
"""What the first versions did not keep; they knew logits alone, whose score is in the target."""

_FORMER = {"source": "area"}
"""How version 0.1.0 called a part."""


def parts_of(core: _core.Explanation) -> dict[str, Any]:
    """Take an explanation apart."""
    return {name: getattr(core, name) for name in _PARTS}


def core_of(parts: dict[str, Any]) -> _core.Explanation:
    """Make an explanation again of its parts, whichever version took it apart."""
    known = {_FORMER.get(name, name): value for name, value in parts.items()}
    return _core.explanation_restore(**{**_UNKNOWN, **known})
