"""The scenes with one kind of object, measured by the command that users have."""

import csv
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from gradcampp_swift.metrics import METRICS, Column
from gradcampp_swift.weights import bundled
from scenes import folder as scene_folder

METHODS = ("gradcam++", "gradcam")
TITLES = {"single": "One object", "multi": "Two to four objects of one class"}
SLOW = "deletion,insertion,randomisation"

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """What was measured of a split."""

    name: str
    folder: Path
    rows: list[dict[str, str]]
    """Of all scenes, as in the CSV file."""
    slow_rows: list[dict[str, str]]
    """Of the scenes with what takes many passes through the network."""
    rate: float
    """Scenes a second, without that."""
    slow_rate: float

    @property
    def columns(self) -> list[tuple[Column, bool]]:
        """Columns that were measured, and whether they are slow ones."""
        found = []
        for metric in METRICS:
            for column in metric.columns:
                if metric.per_layer:
                    continue
                if column.name in (self.slow_rows if metric.is_optional else self.rows)[0]:
                    found.append((column, metric.is_optional))
        return found

    def values(self, column: str, method: str, is_slow: bool = False) -> Values:
        """Numbers of a column for a method, scene by scene.

        Where the predicted class is not in the scene, there is no object to be measured against.
        """
        return np.array([float(cell) for cell in self._cells(column, method, is_slow) if cell])

    def files(self, column: str, method: str) -> list[str]:
        """Names of the scenes whose numbers `values` gives."""
        cells = self._cells(column, method)
        names = self._cells("file", method)
        return [name for name, cell in zip(names, cells, strict=True) if cell]

    def _cells(self, column: str, method: str, is_slow: bool = False) -> list[str]:
        rows = self.slow_rows if is_slow else self.rows
        return [row[column] for row in rows if row["method"] == method]

    @property
    def randomised(self) -> list[str]:
        """Columns of the cascade, the last layer first."""
        return [name for name in self.slow_rows[0] if name.startswith("randomised_to")]

    def accuracy(self) -> Values:
        """1 for each scene whose class is predicted, else 0."""
        rows = [row for row in self.rows if row["method"] == METHODS[0]]
        return np.array([float(row["predicted"] == row["labelled"]) for row in rows])


def measure(place: Path, split: str, seed: int, count: int, slow: int) -> Split:
    """Write scenes and run `gradcampp evaluate` on them."""
    folder = place / split
    scene_folder.write(folder, seed, range(count), split)
    rows, seconds = _evaluate(folder, place / f"{split}.csv")
    slow_rows, slow_seconds = _evaluate(
        folder, place / f"{split}-slow.csv", "--with", SLOW, "--limit", str(slow)
    )
    return Split(split, folder, rows, slow_rows, count / seconds, slow / slow_seconds)


def _evaluate(folder: Path, csv_file: Path, *further: str) -> tuple[list[dict[str, str]], float]:
    command = [sys.executable, "-m", "gradcampp_swift", "evaluate", str(folder)]
    command += ["--boxes", str(folder / "boxes.csv"), "--methods", ",".join(METHODS)]
    command += ["--weights", bundled.WEIGHTS, "--csv", str(csv_file), *further]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    with csv_file.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, str]] = list(csv.DictReader(file))
    return rows, seconds
