"""Scenes for training, made once and kept as bytes in a temporary folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scenes import LABELS, scene


@dataclass(frozen=True)
class Pictures:
    """Pictures uint8 (count, side, side, 3), targets float32 (count, classes) that sum to 1."""

    images: npt.NDArray[np.uint8]
    targets: npt.NDArray[np.float32]

    def batches(
        self, random: np.random.Generator, size: int
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """All pictures in random order, mirrored, turned by quarters, their channels swapped."""
        order = random.permutation(len(self.images))
        for start in range(0, len(order) - size + 1, size):
            chosen = np.sort(order[start : start + size])
            images = torch.from_numpy(self.images[chosen][..., random.permutation(3)])
            if random.random() < 0.5:
                images = images.flip(2)
            images = torch.rot90(images, int(random.integers(4)), (1, 2))
            yield images.contiguous(), torch.from_numpy(self.targets[chosen])

    def in_order(self, size: int = 64) -> Iterator[tuple[torch.Tensor, npt.NDArray[np.float32]]]:
        """All pictures as they are."""
        for start in range(0, len(self.images), size):
            part = slice(start, start + size)
            yield torch.from_numpy(np.array(self.images[part])), self.targets[part]


def make(folder: Path, seed: int, counts: dict[str, int], side: int) -> Pictures:
    """Make so many scenes of each split.

    A scene of two classes has each of them for half a target. The folder holds the pixels, in a
    file without a name that goes when the pictures go.
    """
    jobs = [(seed, index, split, side) for split, count in counts.items() for index in range(count)]
    path = folder / "pictures.uint8"
    images = np.memmap(path, np.uint8, "w+", shape=(len(jobs), side, side, 3))
    path.unlink()
    targets = np.zeros((len(jobs), len(LABELS)), np.float32)
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as processes:
        made = processes.map(_picture, jobs, chunksize=32)
        for index, (image, labels) in enumerate(made):
            images[index] = image
            targets[index, list(labels)] = 1 / len(labels)
    return Pictures(images, targets)


def _picture(job: tuple[int, int, str, int]) -> tuple[npt.NDArray[np.uint8], tuple[int, ...]]:
    made = scene(*job)
    return made.image, made.labels
