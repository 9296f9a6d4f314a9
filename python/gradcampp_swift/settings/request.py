"""What is asked of a model."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..arguments import check_name
from ..errors import UnknownNameError

DEFAULT_METHOD = "gradcam++"


@dataclasses.dataclass(frozen=True)
class Request:
    """What is asked of a model about each picture; `Model.explain` documents the fields.

    It travels whole: through streams and folders, to randomised networks, into the records of
    commands. A new option is a field here, of the name that the extension's `explain` gives it,
    and an argument of `Model.explain`.
    """

    target: Any = None
    """As given, a sequence as a tuple; what it means depends on the model's labels."""

    layer: str | None = None
    method: str = DEFAULT_METHOD
    guided: bool = False

    def __post_init__(self) -> None:
        """Check names; layers and methods themselves are the core's to know."""
        if self.layer is not None:
            check_name(self.layer, "layer", UnknownNameError)
        check_name(self.method, "method")
        object.__setattr__(self, "guided", bool(self.guided))
        target = self.target.tolist() if isinstance(self.target, np.ndarray) else self.target
        if isinstance(target, (list, range)):
            target = tuple(target)
        object.__setattr__(self, "target", target)

    def core_keywords(self) -> dict[str, Any]:
        """Say it to the extension's `explain`, all but the target."""
        names = [field.name for field in dataclasses.fields(self)]
        return {name: getattr(self, name) for name in names if name != "target"}

    def record(self) -> dict[str, Any]:
        """Say it in JSON; the target must be None, a number or a text."""
        return dataclasses.asdict(self)
