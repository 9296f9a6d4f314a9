"""Where the benchmarks' files are, and how a cached one is made."""

import os
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PHOTO = ROOT / "images" / "rocket.jpg"
CACHE = ROOT / "build" / "bench"
WEIGHTS = CACHE / "vgg16-seed11.npy"
REPORT = ROOT / "docs" / "benchmarks.md"
CHART = ROOT / "docs" / "images" / "benchmarks.svg"


def cached(name: str, make: Callable[[Path], None], source: Path = WEIGHTS) -> Path:
    """Path of a file in the cache, made first unless it is there and newer than its source."""
    path = CACHE / name
    if path.exists() and path.stat().st_mtime >= source.stat().st_mtime:
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"new-{name}")
    make(new)
    os.replace(new, path)
    return path
