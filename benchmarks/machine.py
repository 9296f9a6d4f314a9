"""What the benchmarks ran on, and what it could do at most."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .engine import SPAWN
from .peers.peer import THREADS

MATRIX = 2048
VECTOR = 1 << 27
REPEATS = 25


@dataclass(frozen=True)
class Machine:
    """A description."""

    processor: str
    cores: int
    memory_bytes: int
    load: float
    """Average of the last minute before anything ran."""

    gigaflops: float
    """Of NumPy's matrix product in float32, `THREADS` threads, in thousand millions a second."""

    gigabytes: float
    """A second, read from memory by NumPy's dot product, `THREADS` threads."""


def describe() -> Machine:
    """Describe this machine."""
    load = os.getloadavg()[0]
    with SPAWN.Pool(1) as pool:
        gigaflops, gigabytes = pool.apply(_peaks)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(_processor(), len(os.sched_getaffinity(0)), memory, load, gigaflops, gigabytes)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    found = {
        key.strip(): value.strip() for key, _, value in (each.partition(":") for each in lines)
    }
    name = found.get("model name", "unknown processor")
    family = f"family {found.get('cpu family')}, model {found.get('model')}"
    flags = found.get("flags", "").split()
    tiers = [flag for flag in ("avx2", "fma", "avx512f", "avx512_vnni") if flag in flags]
    return f"{name} ({family}; {', '.join(tiers) or 'none of the vector extensions looked for'})"


def _peaks() -> tuple[float, float]:
    import numpy as np

    a = np.ones((MATRIX, MATRIX), np.float32)
    product = np.empty_like(a)
    v = np.ones(VECTOR, np.float32)
    gigaflops = 2e-9 * MATRIX**3 / _fastest(lambda: np.matmul(a, a, out=product))
    return gigaflops, 1e-9 * v.nbytes / _fastest(lambda: np.dot(v, v))


def _fastest(call: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def limit_threads() -> None:
    """Say to every library that reads it how many threads to use; processes inherit it."""
    for name in ("OMP", "OPENBLAS", "MKL", "GRADCAMPP"):
        os.environ[f"{name}_NUM_THREADS"] = str(THREADS)
