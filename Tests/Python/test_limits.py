"""What costs more than its limit is refused; the limit that the message names lets it through."""

import io
import json
import pickle
import resource
import subprocess
import sys
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest
from PIL import Image

HOSTILE = Path(__file__).parents[1] / "Hostile"


def small_network(side: int = 16) -> dict[str, list[np.ndarray]]:
    """One convolution, one dense layer."""
    generator = np.random.default_rng(3)
    cells = (side // 2) ** 2
    return {
        "conv1_1": [generator.random((3, 3, 3, 4), np.float32), np.zeros(4, np.float32)],
        "fc2": [generator.random((cells * 4, 3), np.float32), np.zeros(3, np.float32)],
    }


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "small.npy"
    np.save(path, np.array(small_network(), dtype=object), allow_pickle=True)
    return path


def test_the_value() -> None:
    limits = gcpp.limits(multiply_adds=3e11, scans=np.int64(7))
    assert limits == gcpp.Limits(multiply_adds=300_000_000_000, scans=7)
    assert limits.pixels == 2**27
    assert gcpp.limits() == gcpp.Limits()
    with pytest.raises(AttributeError):
        limits.pixels = 3  # type: ignore[misc]
    with pytest.raises(gcpp.InvalidArgumentError, match="scans is 0, expected 1"):
        gcpp.limits(scans=0)
    for wrong in (True, 1.5, "7", None):
        with pytest.raises(gcpp.WrongTypeError, match="expected a whole number"):
            gcpp.limits(pixels=wrong)  # type: ignore[arg-type]
    with pytest.raises(gcpp.WrongTypeError, match="limits is 7"):
        gcpp.load(small_network(), limits=7)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["multiply_adds", "layers", "workspace_bytes"])
def test_networks(name: str, weights: Path) -> None:
    with pytest.raises(gcpp.BadDataError, match=f"above the limit of 1; raise {name} of") as caught:
        gcpp.load(weights, limits=gcpp.limits(**{name: 1}))
    assert str(caught.value).startswith(f"{weights}: ")
    with pytest.raises(gcpp.BadDataError, match=r"^the mapping: "):
        gcpp.load(small_network(), limits=gcpp.limits(**{name: 1}))


def test_small_weights_of_large_cost(tmp_path: Path) -> None:
    """Some 240 kB: two convolutions over 2048 x 2048 pixels."""
    layers, channels = {}, 3
    widths = [[64, 64], [16], [8], [4], [2], [1]]
    for block, block_widths in enumerate(widths, 1):
        for place, width in enumerate(block_widths, 1):
            layers[f"conv{block}_{place}"] = [
                np.zeros((3, 3, channels, width), np.float32),
                np.zeros(width, np.float32),
            ]
            channels = width
    layers["fc7"] = [np.zeros((32 * 32, 10), np.float32), np.zeros(10, np.float32)]
    path = tmp_path / "costly.npy"
    np.save(path, np.array(layers, dtype=object), allow_pickle=True)
    assert path.stat().st_size < 300_000
    with pytest.raises(gcpp.BadDataError, match="multiply-adds in this network, above the limit"):
        gcpp.load(path)
    model = gcpp.load(path, limits=gcpp.limits(multiply_adds=1e12))
    assert model.input_shape == (2048, 2048, 3)


def test_pictures(weights: Path) -> None:
    model = gcpp.load(weights, limits=gcpp.limits(pixels=1199))
    grey = np.full((30, 40, 3), 99, np.uint8)
    files = []
    for kind in ("JPEG", "PNG"):
        file = io.BytesIO()
        Image.fromarray(grey).save(file, kind)
        files.append(file.getvalue())
    for image in (*files, grey, Image.fromarray(grey)):
        for ask in (model.explain, model.predict):
            with pytest.raises(gcpp.BadDataError, match="1 to 1199 pixels are expected, unless"):
                ask(image)
        with pytest.raises(gcpp.BadDataError, match="1 to 1199 pixels"):
            list(model.explain_many([image]))
        assert gcpp.load(weights, limits=gcpp.limits(pixels=1200)).predict(image)


def test_scans(weights: Path) -> None:
    path = HOSTILE / "progressive_500_scans.jpg"
    with pytest.raises(gcpp.BadDataError, match="more than 100 scans"):
        gcpp.load(weights).explain(path)
    gcpp.load(weights, limits=gcpp.limits(scans=501)).explain(path)


def test_limits_travel_and_change_no_answer(weights: Path) -> None:
    model = gcpp.load(weights, limits=gcpp.limits(pixels=100), mapped=False)
    again = pickle.loads(pickle.dumps(model))
    with pytest.raises(gcpp.BadDataError, match="1 to 100 pixels"):
        again.predict(np.zeros((11, 10), np.uint8))
    assert again._settings == model._settings
    assert model._settings.record() == gcpp.load(weights)._settings.record()


@pytest.mark.parametrize(
    "value", ["scans", "scans=", "scans=-1", "depth=3", "scans=0", "scans=1.5"]
)
def test_the_command_refuses(value: str, weights: Path) -> None:
    command = [sys.executable, "-m", "gradcampp_swift", "-f", "x", "--limits", value]
    result = subprocess.run(command, capture_output=True, text=True, cwd=weights.parent)
    assert result.returncode == 2
    assert "--limits" in result.stderr


def test_the_command(weights: Path) -> None:
    folder = weights.parent / "photos"
    folder.mkdir()
    Image.new("RGB", (40, 30)).save(folder / "a.png")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gradcampp_swift", *arguments, "--weights", str(weights)]
        return subprocess.run(command, capture_output=True, text=True, cwd=weights.parent)

    result = run("-f", "photos/a.png", "--limits", "pixels=1199")
    assert (result.returncode, "1 to 1199 pixels" in result.stderr) == (1, True)
    result = run("-f", "photos/a.png", "--limits", "pixels=1.2e3,scans=5", "--layout", "overlay")
    assert result.returncode == 0, result.stderr
    result = run("-f", "photos/a.png", "--limits", "multiply_adds=10")
    assert (result.returncode, "raise multiply_adds" in result.stderr) == (1, True)
    result = run("run", "photos", "-o", "out", "--limits", "pixels=1199", "--quiet")
    assert result.returncode == 1
    (line,) = (weights.parent / "out" / "manifest.jsonl").read_text().splitlines()
    assert "1 to 1199 pixels" in json.loads(line)["reason"]


def test_text_files_are_read_with_a_bound(weights: Path, tmp_path: Path) -> None:
    """Files of holes: gigabytes that take a block on the disk."""
    labels = tmp_path / "labels.txt"
    with labels.open("wb") as file:
        file.truncate(1 << 33)
    program = (
        "import sys, gradcampp_swift as gcpp\n"
        "try: gcpp.load(sys.argv[1], labels=sys.argv[2])\n"
        "except gcpp.BadDataError as error: print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, weights, labels],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30)),
    )
    assert result.stdout == f"{labels}: larger than 67108864 bytes, expected one label a line\n"
    # What is found beside the weights does not fit, and is passed over.
    labels.rename(tmp_path / "synset.txt")
    assert gcpp.load(weights).labels == ["0", "1", "2"]


def test_settings_of_a_run_are_read_with_a_bound(weights: Path) -> None:
    out = weights.parent / "out"
    out.mkdir()
    for content in (b"[" * 100_000, b"\0" * (1 << 27)):
        (out / "run.json").write_bytes(content)
        (out / "manifest.jsonl").write_bytes(b"")
        command = [sys.executable, "-m", "gradcampp_swift", "report", str(out)]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 1
        assert len(result.stderr.splitlines()) == 1
