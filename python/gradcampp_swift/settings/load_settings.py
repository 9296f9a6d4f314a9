"""How a model is loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..arguments import check_name
from ..errors import WrongTypeError
from .limits import DEFAULT_LIMITS, Limits, check_limits
from .preprocessing import Preprocessing, as_core_argument

CROPS = ("center", "squash", "pad")
"""What is done about a picture of other proportions; the first is the default."""

ACTIVATIONS = ("softmax", "sigmoid")
"""What makes probabilities of a classifier's logits."""


@dataclasses.dataclass(frozen=True)
class LoadSettings:
    """How a model is loaded: all that its answers depend on besides the weights.

    It travels whole to wherever the model is opened: `load`, unpickling, randomised copies, the
    commands and the records of what they did. A new option is a field here, of the name that the
    extension's opening functions give it, and an argument of `load`.

    Before loading, fields hold what was asked for; a model's own say what it came to.
    """

    path: str | None = None
    """Of the weight file; None for weights in memory."""

    labels: Any = None
    """Names of the classes, or where to find them, as `find_labels` takes them."""

    preprocessing: str | Preprocessing | None = None
    """A name, a value, or None for what the weights say."""

    crop: str = CROPS[0]

    limits: Limits = DEFAULT_LIMITS
    """What the file, the network and the pictures may cost."""

    mapped: bool = True
    """Whether a file is read as it is used; else it is copied when it is opened."""

    activation: str | None = None
    """What makes probabilities of logits; None for what the weights say."""

    def __post_init__(self) -> None:
        """Check what can be checked without the weights."""
        as_core_argument(self.preprocessing)
        check_name(self.crop, "crop")
        check_limits(self.limits)
        if self.activation is not None:
            check_name(self.activation, "activation")
        if not isinstance(self.mapped, bool):
            raise WrongTypeError(f"mapped is {self.mapped!r}, expected True or False")

    def core_keywords(self) -> dict[str, Any]:
        """Say it to the extension's opening functions."""
        keywords = {name: getattr(self, name) for name in _names() if name not in _PYTHONS_OWN}
        return {
            **keywords,
            "preprocessing": as_core_argument(self.preprocessing),
            "limits": self.limits.as_core_argument(),
        }

    def record(self) -> dict[str, Any]:
        """Say it in JSON, of a model that is loaded; where its files lie makes no difference."""
        import hashlib

        left_out = (*_PYTHONS_OWN, *_WITHOUT_EFFECT)
        values = {name: getattr(self, name) for name in _names() if name not in left_out}
        labels: Sequence[str] = self.labels
        return {
            **values,
            "preprocessing": repr(self.preprocessing),
            "labels_sha256": hashlib.sha256("\n".join(labels).encode()).hexdigest(),
        }


_PYTHONS_OWN = ("path", "labels")
"""Fields that the extension does not know."""

_WITHOUT_EFFECT = ("limits", "mapped")
"""Fields that decide whether there is an answer, but not which."""


def _names() -> list[str]:
    return [field.name for field in dataclasses.fields(LoadSettings)]
