"""Whole processes: time from start to end, and the most memory they held."""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from .files import PHOTO, ROOT, WEIGHTS
from .peers.peer import THREADS
from .timing import Comparison, Contestant, Turn, alternate

IMPORT = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


@dataclass
class Command:
    """A process and what it took, run by run."""

    key: str
    title: str
    arguments: list[str | Path]
    output: str
    seconds: list[float] = field(default_factory=list)
    peak_bytes: int = 0

    @property
    def median(self) -> float:
        """Median time in seconds."""
        return statistics.median(self.seconds)

    def run(self, folder: Path) -> None:
        """Run it once with its output in `folder`."""
        command = [sys.executable, *self.arguments, folder / self.output]
        start = time.perf_counter()
        # The peak of a child counts what the process that starts it holds, so that is little.
        child = os.posix_spawn(command[0], [str(part) for part in command], os.environ)
        _, status, usage = os.wait4(child, 0)
        self.seconds.append(time.perf_counter() - start)
        self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * 1024)
        if status != 0:
            raise RuntimeError(f"{self.title}: exit status {os.waitstatus_to_exitcode(status)}")


def commands(with_pytorch: bool) -> list[Command]:
    """List the processes to run."""
    classify: list[str | Path] = [ROOT / "classify.py", "--quiet", "--threads", str(THREADS)]
    classify += ["--weights", WEIGHTS, "-f", PHOTO]
    found = [
        Command("figure", "`classify.py`, the figure of four panels", [*classify, "-o"], "a.jpeg"),
        Command(
            "heatmap",
            "`classify.py --layout heatmap`",
            [*classify, "--layout", "heatmap", "-o"],
            "b.jpeg",
        ),
    ]
    if with_pytorch:
        script: list[str | Path] = ["-m", "benchmarks.overlay_by_pytorch", PHOTO]
        title = "a script with pytorch-grad-cam, an overlay without guided gradients"
        found.append(Command("pytorch", title, script, "c.jpeg"))
    return found


def run(found: list[Command], rounds: int) -> None:
    """Run each several times in a row, after a first time that warms the file cache.

    In a row: on a virtual machine the memory that another, larger process gave back may be the
    host's again, and to have it back takes longer than our whole process.
    """
    with tempfile.TemporaryDirectory() as folder:
        for command in found:
            command.run(Path(folder))
            command.seconds.clear()
            for _ in range(rounds):
                command.run(Path(folder))


def imports(rounds: int) -> Comparison:
    """Time the statement `import gradcampp_swift` beside `import numpy`, in new processes."""

    def contestant(package: str) -> Contestant:
        def take() -> Turn:
            return [_import_seconds(package)]

        return Contestant(f"import {package}", take)

    return alternate(contestant("gradcampp_swift"), [contestant("numpy")], rounds)[0]


def _import_seconds(package: str) -> float:
    import subprocess

    command = [sys.executable, "-c", IMPORT.format(package)]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)
