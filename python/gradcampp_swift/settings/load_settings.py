"""How a model is loaded."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import check_name
from ..errors import InvalidArgumentError, WrongTypeError
from ..values import field_names
from .given_inputs import GivenInput, given_inputs
from .limits import DEFAULT_LIMITS, Limits, check_limits
from .preprocessing import Preprocessing, as_core_argument

if not TYPE_CHECKING:
    from ..values import dataclass
else:  # as whoever reads the code knows it, programs too
    from dataclasses import dataclass

CROPS = ("center", "squash", "pad")
"""What is done about a picture of other proportions; the first is the default."""

ACTIVATIONS = ("softmax", "sigmoid")
"""What makes probabilities of a classifier's logits."""


@dataclass(frozen=True)
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

    input_size: tuple[int, int] | None = None
    """Height and width of the input; None for what the weights say."""

    activation: str | None = None
    """What made probabilities of the logits; None for what the weights say."""

    epsilon: float | None = None
    """Of batch normalisations whose file does not say theirs; None for 1e-5."""

    output: str | None = None
    """The output that is explained; None for the one that holds classes."""

    inputs: tuple[GivenInput, ...] = ()
    """Values of inputs that take no pictures; a mapping from names to arrays becomes this."""

    tokens: int | None = None
    """Tokens that are no part of the picture; None for what leaves a grid."""

    def __post_init__(self) -> None:
        """Check what can be checked without the weights."""
        as_core_argument(self.preprocessing)
        check_name(self.crop, "crop")
        check_limits(self.limits)
        if not isinstance(self.mapped, bool):
            raise WrongTypeError(f"mapped is {self.mapped!r}, expected True or False")
        if self.input_size is not None:
            object.__setattr__(self, "input_size", _checked_size(self.input_size))
        if self.activation is not None:
            check_name(self.activation, "activation")
        if self.epsilon is not None:
            object.__setattr__(self, "epsilon", _checked_epsilon(self.epsilon))
        if self.output is not None:
            check_name(self.output, "output")
        object.__setattr__(self, "inputs", given_inputs(self.inputs))
        if self.tokens is not None:
            object.__setattr__(self, "tokens", _checked_tokens(self.tokens))

    def core_keywords(self) -> dict[str, Any]:
        """Say it to the extension's opening functions."""
        keywords = {name: getattr(self, name) for name in _names() if name not in _PYTHONS_OWN}
        return {
            **keywords,
            "preprocessing": as_core_argument(self.preprocessing),
            "limits": self.limits,
            "inputs": [(each.name, each.array()) for each in self.inputs],
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
            "input_size": self.input_size and list(self.input_size),
            "inputs": {each.name: each.sha256() for each in self.inputs},
            "labels_sha256": hashlib.sha256("\n".join(labels).encode()).hexdigest(),
        }


_LARGEST_SIDE = 2048
"""An input of so many rows and columns takes 100 MB."""

_PYTHONS_OWN = ("path", "labels")
"""Fields that the extension does not know."""

_WITHOUT_EFFECT = ("limits", "mapped")
"""Fields that decide whether there is an answer, but not which."""


def _checked_size(size: Any) -> tuple[int, int]:
    try:
        height, width = (operator.index(extent) for extent in size)
    except (TypeError, ValueError):
        raise WrongTypeError(f"input_size is {size!r}, expected (height, width)") from None
    if not all(1 <= extent <= _LARGEST_SIDE for extent in (height, width)):
        raise InvalidArgumentError(
            f"input_size is {(height, width)}, expected 1 to {_LARGEST_SIDE} rows and columns"
        )
    return height, width


def _checked_tokens(tokens: Any) -> int:
    try:
        count = operator.index(tokens)
    except TypeError:
        raise WrongTypeError(f"tokens is {tokens!r}, expected an integer") from None
    if isinstance(tokens, bool) or count < 0:
        raise InvalidArgumentError(f"tokens is {tokens!r}, expected 0 or more")
    return count


def _checked_epsilon(epsilon: Any) -> float:
    is_number = isinstance(epsilon, (int, float, np.integer, np.floating))
    if not is_number or isinstance(epsilon, bool):
        raise WrongTypeError(f"epsilon is {epsilon!r}, expected a number")
    if not 0 < epsilon < float("inf"):
        raise InvalidArgumentError(f"epsilon is {epsilon}, expected a finite number above 0")
    return float(epsilon)


def _names() -> tuple[str, ...]:
    return field_names(LoadSettings)
