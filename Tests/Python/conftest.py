"""What the tests share: small networks, photos, and the recorded full-size ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradcampp_swift as gcpp
import networks
import numpy as np
import numpy.typing as npt
import pytest
from gradcampp_swift.weights.named_networks import named_networks

ROOT = Path(__file__).parents[2]
GOLDENS = ROOT / "Tests" / "Goldens"

PATIENCE = 600
"""Seconds after which something hangs; nothing passes or fails by any other time."""


@pytest.fixture(autouse=True)
def _no_weights_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADCAMPP_WEIGHTS", raising=False)


@pytest.fixture(autouse=True, scope="session")
def _no_networks_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Empty packages stand before those of networks for photos, here and in other processes."""
    folder = tmp_path_factory.mktemp("packages")
    for network in named_networks():
        (folder / network.module).mkdir()
        (folder / network.module / "__init__.py").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session")
def weights() -> networks.Weights:
    return networks.make_weights()


@pytest.fixture(scope="session")
def model(weights: networks.Weights) -> gcpp.Model:
    return gcpp.load(weights)


@pytest.fixture(scope="session")
def weight_file(tmp_path_factory: pytest.TempPathFactory, weights: networks.Weights) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.npy"
    networks.save_weights(path, weights)
    return path


@pytest.fixture(scope="session")
def photo() -> npt.NDArray[np.uint8]:
    """A landscape with a bright disc and some texture, (90, 120, 3)."""
    rows, columns = np.mgrid[0:90, 0:120]
    disc = np.hypot(rows - 40, columns - 70) < 22
    noise = np.random.default_rng(7).integers(0, 40, (90, 120, 3))
    base = np.stack([rows, columns, rows + columns], axis=2) + noise
    return np.where(disc[:, :, np.newaxis], 250 - noise, base).astype(np.uint8)


@pytest.fixture(scope="session")
def photo_file(tmp_path_factory: pytest.TempPathFactory, photo: npt.NDArray[np.uint8]) -> Path:
    from PIL import Image

    path = tmp_path_factory.mktemp("photo") / "photo.png"
    Image.fromarray(photo).save(path)
    return path


@pytest.fixture(scope="session")
def recorded_weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Path]]:
    """The full-size weights of seeds 11 and 12, half a gigabyte each, for this session only."""
    folder = tmp_path_factory.mktemp("recorded")
    paths = {seed: folder / f"seed{seed}.npy" for seed in (11, 12)}
    try:
        for seed, path in paths.items():
            subprocess.run(
                [sys.executable, GOLDENS / "make_weights.py", str(seed), path],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield paths
    finally:
        for path in paths.values():
            path.unlink(missing_ok=True)


@pytest.fixture
def place(tmp_path: Path, weight_file: Path, photo_file: Path) -> Any:
    from working_place import Place

    return Place(tmp_path, weight_file, photo_file)


@pytest.fixture
def scenes(place: Any) -> Path:
    from scene_folder import make_scenes

    return make_scenes(place)
