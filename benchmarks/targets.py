"""What the project set out to reach, and whether it did. Nothing fails for a missed target."""

from collections.abc import Callable
from dataclasses import dataclass

from .processes import Command
from .suites import OURS, Result, label
from .timing import Comparison


@dataclass
class Measured:
    """Everything a run measured that targets look at."""

    results: list[Result]
    commands: list[Command]
    imports: Comparison

    def ratio(self, suite: str, engine: str, operation: str) -> float | None:
        """Ours divided by another's, of a suite."""
        result = next(each for each in self.results if each.suite.key == suite)
        return result.ratio(label(engine, operation))

    def command(self, key: str) -> Command:
        """Find a process by its key."""
        return next(each for each in self.commands if each.key == key)


@dataclass(frozen=True)
class Target:
    """An upper limit; `measure` gives None for what could not be measured."""

    what: str
    limit: float
    unit: str
    measure: Callable[[Measured], float | None]


def ratio(what: str, limit: float, suite: str, engine: str, operation: str) -> Target:
    """Make a target for ours divided by another's."""
    return Target(what, limit, "x", lambda measured: measured.ratio(suite, engine, operation))


TARGETS = [
    ratio("forward / MNN's forward", 0.85, "forward", "MNN", "forward"),
    ratio("Grad-CAM++ / MNN's forward", 1.0, "gradcampp", "MNN", "forward"),
    ratio("Grad-CAM++ / MNN's forward (floor)", 1.4, "gradcampp", "MNN", "forward"),
    ratio("Grad-CAM++ / ONNX Runtime's forward", 0.5, "gradcampp", "ONNX Runtime", "forward"),
    ratio(
        "Grad-CAM++ / ONNX Runtime's forward (floor)", 0.7, "gradcampp", "ONNX Runtime", "forward"
    ),
    ratio("Grad-CAM++ / pytorch-grad-cam's", 0.1, "gradcampp", "pytorch-grad-cam", "gradcampp"),
    ratio(
        "with guided gradients / PyTorch's guided backpropagation alone",
        0.4,
        "guided",
        "PyTorch",
        "guided",
    ),
    ratio("per picture of a batch of 8 / single picture", 0.8, "batch", OURS, "gradcampp"),
    ratio("five classes of one picture / one class", 1.35, "classes", OURS, "gradcampp"),
    Target("process, figure saved: time", 0.8, "s", lambda m: m.command("figure").median),
    Target(
        "process, figure saved: memory", 1.2, "GB", lambda m: m.command("figure").peak_bytes / 1e9
    ),
    Target("process, heat map only: time", 0.5, "s", lambda m: m.command("heatmap").median),
    Target(
        "process, heat map only: memory", 0.9, "GB", lambda m: m.command("heatmap").peak_bytes / 1e9
    ),
    Target("import of the package / import of NumPy", 1.3, "x", lambda m: m.imports.ratio),
]
