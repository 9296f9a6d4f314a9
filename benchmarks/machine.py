"""What the benchmarks ran on, and what it could do at most."""

import os
from dataclasses import dataclass
from pathlib import Path

from . import peak
from .peers.peer import THREADS


@dataclass(frozen=True)
class Machine:
    """A description."""

    processor: str
    cores: int
    memory_bytes: int
    load: float
    """Average of the last minute before anything ran."""

    gigaflops: float
    """Multiply-adds in registers, `THREADS` threads, in thousand millions a second."""

    gigabytes: float
    """A second, read from memory, `THREADS` threads, in thousand millions of bytes."""


def describe() -> Machine:
    """Describe this machine."""
    load = os.getloadavg()[0]
    gigaflops, gigabytes = peak.measure()
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


def limit_threads() -> None:
    """Say to every library that reads it how many threads to use; processes inherit it."""
    for name in ("OMP", "OPENBLAS", "MKL", "GRADCAMPP"):
        os.environ[f"{name}_NUM_THREADS"] = str(THREADS)
