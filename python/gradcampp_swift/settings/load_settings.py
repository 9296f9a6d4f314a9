"""How a model is loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..arguments import check_name
from .preprocessing import Preprocessing, as_core_argument

CROPS = ("center", "squash", "pad")
"""What is done about a picture of other proportions; the first is the default."""


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

    def __post_init__(self) -> None:
        """Check what can be checked without the weights."""
        as_core_argument(self.preprocessing)
        check_name(self.crop, "crop")

    def core_keywords(self) -> dict[str, Any]:
        """Say it to the extension's opening functions."""
        keywords = {name: getattr(self, name) for name in _names() if name not in _PYTHONS_OWN}
        return {**keywords, "preprocessing": as_core_argument(self.preprocessing)}

    def record(self) -> dict[str, Any]:
        """Say it in JSON, of a model that is loaded; where its files lie makes no difference."""
        import hashlib

        values = {name: getattr(self, name) for name in _names() if name not in _PYTHONS_OWN}
        labels: Sequence[str] = self.labels
        return {
            **values,
            "preprocessing": repr(self.preprocessing),
            "labels_sha256": hashlib.sha256("\n".join(labels).encode()).hexdigest(),
        }


_PYTHONS_OWN = ("path", "labels")
"""Fields that the extension does not know."""


def _names() -> list[str]:
    return [field.name for field in dataclasses.fields(LoadSettings)]
