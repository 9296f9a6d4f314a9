"""What is timed, and beside what."""

from dataclasses import dataclass, field

from .engine import Engine
from .peers import PEERS
from .peers.gradcampp import BATCH, CLASSES, GradCAMPP
from .timing import Comparison, Contestant, Times, Turn, alternate

CALLS = 3
"""Timed calls in a turn."""


@dataclass(frozen=True)
class Suite:
    """One operation of ours beside operations of others."""

    key: str
    title: str
    operation: str
    others: tuple[tuple[str, str], ...]
    """Name of the engine, and its operation."""

    units: int = 1
    """By how many the time of ours is divided."""


def everyone(operation: str) -> tuple[tuple[str, str], ...]:
    """All peers with the same operation; those that lack it drop out."""
    return tuple((peer.name, operation) for peer in PEERS)


OURS = GradCAMPP.name
FORWARDS = (("MNN", "forward"), ("ONNX Runtime", "forward"))
SUITES = [
    Suite("forward", "Forward pass", "forward", everyone("forward")),
    Suite(
        "gradcampp",
        "Grad-CAM++, input to heat map",
        "gradcampp",
        (*everyone("gradcampp"), *FORWARDS),
    ),
    Suite("guided", "Grad-CAM++ with guided gradients", "guided", everyone("guided")),
    Suite(
        "classes",
        f"Grad-CAM++ of {CLASSES} classes of one picture",
        "five_classes",
        ((OURS, "gradcampp"),),
    ),
    Suite("batch", f"Grad-CAM++, per picture of {BATCH}", "batch", ((OURS, "gradcampp"),), BATCH),
]

WORDS = {
    "forward": "forward pass",
    "gradcampp": "Grad-CAM++",
    "guided": "guided backpropagation alone",
}
"""What operations of others are called in tables."""


@dataclass
class Result:
    """A suite's times."""

    suite: Suite
    comparisons: list[Comparison] = field(default_factory=list)

    def ratio(self, name: str) -> float | None:
        """Ours divided by what is named `ENGINE: OPERATION`; None if that was not timed."""
        return next((each.ratio for each in self.comparisons if each.other.name == name), None)


def label(engine: str, operation: str) -> str:
    """Name of a row."""
    return f"{engine}: {WORDS[operation]}"


def run(suite: Suite, engines: dict[str, Engine], rounds: int) -> Result:
    """Take the turns of a suite with the engines that there are."""

    def contestant(name: str, engine: str, operation: str, units: int = 1) -> Contestant:
        def take() -> Turn:
            return [seconds / units for seconds in engines[engine].turn(operation, CALLS)]

        return Contestant(name, take)

    others = [
        contestant(label(engine, operation), engine, operation)
        for engine, operation in suite.others
        if engine in engines and operation in engines[engine].operations
    ]
    ours = contestant(OURS, OURS, suite.operation, suite.units)
    if not others:
        return Result(suite, [Comparison(Times(ours.name, [ours.take()]), Times(""))])
    return Result(suite, alternate(ours, others, rounds))
