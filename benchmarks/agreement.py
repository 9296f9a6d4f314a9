"""Whether the engines compute the same thing."""

import sys
from dataclasses import dataclass

import numpy as np

from .engine import Engine
from .vgg16 import Floats

LOGITS_LIMIT = 2e-4
GUIDED_LIMIT = 1.3e-2


@dataclass(frozen=True)
class Agreement:
    """How far an engine's output is from ours."""

    engine: str
    what: str
    value: float
    limit: float | None
    """None where the formulas differ, so that no agreement is due."""

    @property
    def holds(self) -> bool:
        """Whether the difference is within its limit; never for NaN."""
        return self.limit is None or self.value <= self.limit


def refuse_disagreement(found: list[Agreement]) -> None:
    """Write no report on engines that compute different things."""
    for each in found:
        if not each.holds:
            sys.exit(
                f"benchmarks: {each.engine}: {each.what}: {each.value:.2g} from ours, expected at "
                f"most {each.limit:.2g}"
            )


def outputs(ours: Engine, *operations: str) -> dict[str, Floats]:
    """Compute what peers are compared with: the logits, as `forward`, and what else is named."""
    return {"forward": ours.call("logits"), **{name: ours.call(name) for name in operations}}


def agreements(mine: dict[str, Floats], peer: Engine) -> list[Agreement]:
    """Compare every output that a peer has with ours, by the operation's name."""
    found = []
    if "forward" in peer.operations:
        difference = np.abs(peer.call("forward") - mine["forward"]).max()
        value = float(difference / np.abs(mine["forward"]).max())
        found.append(Agreement(peer.name, "logits, of the largest", value, LOGITS_LIMIT))
    if "guided" in peer.operations and "guided" in mine:
        value = _rms(peer.call("guided") - mine["guided"]) / _rms(mine["guided"])
        found.append(Agreement(peer.name, "guided gradients, rms", value, GUIDED_LIMIT))
    if "gradcampp" in peer.operations:
        value = float(np.corrcoef(peer.call("gradcampp").flat, mine["gradcampp"].flat)[0, 1])
        found.append(Agreement(peer.name, "heat map, correlation (not compared)", value, None))
    return found


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
