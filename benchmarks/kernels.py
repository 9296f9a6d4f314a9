"""Each kernel alone, forward and back, beside what the processor could do."""

import os
import subprocess
from dataclasses import dataclass

from .files import ROOT, WEIGHTS

BUILD = ["-c", "release", "-Xswiftc", "-enable-testing"]


@dataclass(frozen=True)
class Step:
    """One step of a walk through VGG16."""

    name: str
    algorithm: str
    """How a convolution is computed; empty for other steps."""

    seconds: float
    """The fastest of some rounds."""

    defined_operations: int
    """Floating-point operations of its definition."""

    operations: int
    """Floating-point operations of the matrix products that are done."""

    bytes: int
    """Bytes read or written once."""

    @property
    def gigaflops(self) -> float:
        """Thousand millions of operations done in a second."""
        return 1e-9 * self.operations / self.seconds

    @property
    def gigabytes(self) -> float:
        """Thousand millions of bytes moved in a second."""
        return 1e-9 * self.bytes / self.seconds


def run() -> list[Step]:
    """Time the steps one after the other, forward and back to the pixels, in the Swift tests."""
    subprocess.run(["swift", "build", *BUILD, "--build-tests"], cwd=ROOT, check=True)
    result = subprocess.run(
        ["swift", "test", *BUILD, "--skip-build", "--no-parallel", "--filter", "timings"],
        cwd=ROOT,
        env={**os.environ, "GRADCAMPP_TIMINGS": str(WEIGHTS)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [parse(line) for line in result.stdout.splitlines() if line.startswith("timing\t")]


def parse(line: str) -> Step:
    """Read a line of `Tests/GradCAMPPCoreTests/Timings/StepTimings.swift`."""
    _, name, algorithm, milliseconds, defined, operations, moved = line.split("\t")
    seconds = float(milliseconds) * 1e-3
    return Step(name, algorithm, seconds, int(defined), int(operations), int(moved))
