"""What is assumed about a network is said once: by logging, on standard error, in Model.notes."""

import logging
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import gradcampp_swift as gcpp
import pytest
from PIL import Image

GOLDENS = Path(__file__).parents[1] / "Goldens"
ONNX = sorted((GOLDENS / "onnx" / "networks").glob("*.onnx"))
TORCH = GOLDENS / "imported" / "torchvision.safetensors"


def notes_said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "gradcampp_swift" and record.levelno == logging.WARNING
    ]


def test_a_network_whose_names_say_all_has_no_notes(caplog: pytest.LogCaptureFixture) -> None:
    assert gcpp.load().notes == []
    assert notes_said(caplog) == []


@pytest.mark.parametrize("path", ONNX, ids=lambda path: path.stem)
def test_an_onnx_network_says_which_preprocessing_is_assumed(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = gcpp.load(path)
    assert len(model.notes) == 1
    assert "preprocessing" in model.notes[0]
    assert "is assumed" in model.notes[0]
    assert notes_said(caplog) == model.notes
    caplog.clear()
    pickle.loads(pickle.dumps(model))
    assert notes_said(caplog) == []
    named = gcpp.load(path, preprocessing="unit")
    assert named.notes == []
    assert named.preprocessing.scale == pytest.approx(1 / 255)


def test_pools_of_torchvisions_numbers_are_said_to_be_assumed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = gcpp.load(TORCH)
    assert len(model.notes) == 1
    assert "2x2 max-pools" in model.notes[0]
    assert notes_said(caplog) == model.notes


def test_the_command_says_them_on_standard_error(tmp_path: Path) -> None:
    weights = tmp_path / "net.safetensors"
    shutil.copy(TORCH, weights)
    Image.new("RGB", (40, 40), "red").save(tmp_path / "photo.png")
    command = [sys.executable, "-m", "gradcampp_swift", "-f", "photo.png", "--layout", "overlay"]
    done = subprocess.run(
        [*command, "--weights", weights, "-o", "out.png"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("2x2 max-pools") == 1
