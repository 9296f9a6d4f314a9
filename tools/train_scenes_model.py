#!/usr/bin/env python3
"""Train the bundled network on scenes: a narrow VGG16 that saw labels only, never a mask.

usage: python tools/train_scenes_model.py OUT.npy [--seed N] [--log FILE] [--precision float32]

Needs what tools/training/requirements.txt lists. First the convolutions learn the shapes on small
pictures, then all layers learn on whole ones. The log is a JSON object a line. The same seed,
number of threads, processor and versions give the same weights.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from scenes import LABELS, SIDE, SPLITS
from training import network, pictures

BATCH = 64
# Seeds of scenes, beside the training's own: 1000 and more. The tests and the documentation use
# lower ones.
TRAINING, VALIDATION, HELD_OUT = 1000, 2000, 3000


@dataclass(frozen=True)
class Stage:
    """So many epochs on so many scenes of each split, up to a highest learning rate."""

    name: str
    side: int
    scenes: dict[str, int]
    epochs: int
    rate: float


STAGES = (
    Stage("close", 64, {"single": 24000}, 6, 2e-3),
    Stage("small", 128, {"single": 16000}, 2, 1.5e-3),
    Stage("whole", SIDE, {"single": 6000, "multi": 6000, "pair": 3600}, 4, 1e-3),
)


class Log:
    """Lines of JSON, with the seconds since the beginning; to the terminal too."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8")
        self.start = time.monotonic()

    def write(self, **values: object) -> None:
        """Write one line."""
        line = json.dumps({"seconds": round(time.monotonic() - self.start, 1), **values})
        self.file.write(line + "\n")
        self.file.flush()
        print(line, flush=True)


def train(
    model: network.SlimVGG, data: pictures.Pictures, stage: Stage, seed: int, bfloat: bool
) -> Iterator[float]:
    """Train for the stage's epochs; yields the mean loss of each."""
    random = np.random.default_rng([seed, stage.side])
    optimiser = torch.optim.AdamW(model.parameters(), lr=stage.rate, weight_decay=0.02)
    steps = len(data.images) // BATCH * stage.epochs
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, stage.rate, total_steps=steps, pct_start=0.15
    )
    for _ in range(stage.epochs):
        model.train()
        losses = []
        for images, targets in data.batches(random, BATCH):
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat):
                output = model(images)
            loss = torch.nn.functional.cross_entropy(output.float(), targets)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        yield float(np.mean(losses))


@torch.no_grad()
def predict(model: network.SlimVGG, images: torch.Tensor) -> torch.Tensor:
    """Find logits as in use: without dropout, with the statistics that training gathered."""
    model.eval()
    result: torch.Tensor = model(images)
    return result


def accuracy(
    predicted: Callable[[torch.Tensor], torch.Tensor], data: pictures.Pictures
) -> dict[str, float]:
    """Count pictures whose highest logits are those of their one or two classes."""
    right = 0
    for images, targets in data.in_order():
        order = np.argsort(-predicted(images).numpy(), axis=1)
        for ranked, target in zip(order, targets, strict=True):
            present = np.flatnonzero(target).tolist()
            right += set(ranked[: len(present)].tolist()) == set(present)
    count = len(data.images)
    low, high = interval(right, count)
    return {
        "scenes": count,
        "accuracy": round(right / count, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def interval(successes: int, trials: int) -> tuple[float, float]:
    """Find the 95 % confidence interval of a proportion (Wilson 1927)."""
    z, share = 1.959964, successes / trials
    middle = share + z * z / (2 * trials)
    half = z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (middle - half) / (1 + z * z / trials), (middle + half) / (1 + z * z / trials)


def main() -> None:
    """Train, measure, save."""
    parser = argparse.ArgumentParser(
        prog="train_scenes_model.py", description="Train the bundled network on scenes."
    )
    parser.add_argument("out", type=Path, metavar="OUT.npy")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="(default %(default)s)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="(default OUT.log.jsonl)")
    parser.add_argument(
        "--precision",
        choices=("bfloat16", "float32"),
        default="bfloat16",
        help="of products while training (default %(default)s)",
    )
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    log = Log(arguments.log or arguments.out.with_suffix(".log.jsonl"))
    log.write(
        event="start",
        seed=arguments.seed,
        precision=arguments.precision,
        threads=torch.get_num_threads(),
        processor=torch.backends.cpu.get_cpu_capability(),
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    )
    model = network.SlimVGG(len(LABELS), dropout=0.2).to(memory_format=torch.channels_last)
    with tempfile.TemporaryDirectory(prefix="scenes-") as name:
        folder = Path(name)
        for stage in STAGES:
            if stage.side == SIDE:
                model.untie(cells=(SIDE // 32) ** 2)
            known = pictures.make(folder, TRAINING + arguments.seed, stage.scenes, stage.side)
            log.write(event="scenes", stage=stage.name, side=stage.side, counts=stage.scenes)
            unknown = dict.fromkeys(stage.scenes, 480)
            checks = pictures.make(folder, VALIDATION + arguments.seed, unknown, stage.side)
            losses = train(model, known, stage, arguments.seed, arguments.precision == "bfloat16")
            for epoch, loss in enumerate(losses, 1):
                checked = accuracy(partial(predict, model), checks)
                log.write(
                    event="epoch", stage=stage.name, epoch=epoch, loss=round(loss, 4), **checked
                )
        weights = network.folded(model)
        network.save(arguments.out, weights)
        log.write(event="saved", bytes=arguments.out.stat().st_size)
        for split in SPLITS:
            held_out = pictures.make(folder, HELD_OUT + arguments.seed, {split: 2400}, SIDE)
            tested = accuracy(partial(network.logits, weights), held_out)
            log.write(event="held-out", split=split, **tested)


if __name__ == "__main__":
    main()
