"""Time predictions and explanations: tools/measure.py WEIGHTS IMAGE [CALLS]."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gradcampp_swift as gcpp

ROOT = Path(__file__).parents[1]


def median_milliseconds(call: Callable[[], object], count: int) -> float:
    """Median over `count` calls, after one that packs weights and makes plans."""
    call()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main() -> None:
    """Print one line for each thing that is measured."""
    weights, image = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 9

    # First, while this process is small: a child inherits its parent's peak of memory.
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, ROOT / "classify.py", "--quiet", "-f", image]
        command += ["--weights", weights, "-o", Path(folder) / "figure.jpeg"]
        elapsed = median_milliseconds(lambda: subprocess.run(command, check=True), min(count, 5))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'classify.py':20} {elapsed:7.0f} ms, {peak:.0f} MiB at most")

    model = gcpp.load(weights)
    for name, call in {
        "predict": lambda: model.predict(image),
        "explain": lambda: model.explain(image),
        "explain, guided": lambda: model.explain(image, guided=True),
    }.items():
        print(f"{name:20} {median_milliseconds(call, count):7.0f} ms")


if __name__ == "__main__":
    main()
