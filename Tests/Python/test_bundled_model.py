"""The network in the box: found last, said aloud, right about the pictures it comes with."""

import logging
import subprocess
import sys
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.weights import bundled
from PIL import Image


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    command = [sys.executable, "-m", "gradcampp_swift", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_load_without_weights(caplog):
    with caplog.at_level(logging.INFO, "gradcampp_swift"):
        model = gcpp.load()
    assert [record.getMessage() for record in caplog.records] == [
        "no weights found: using the network in the box"
    ]
    assert model.path == bundled.WEIGHTS
    assert model.architecture == "VGG-like, 16 layers"
    assert len(model.labels) >= 12
    assert model.labels == Path(bundled.LABELS).read_text().splitlines()


def test_load_is_silent_otherwise(caplog, weight_file):
    with caplog.at_level(logging.DEBUG, "gradcampp_swift"):
        gcpp.load(weight_file)
        gcpp.load(bundled.WEIGHTS)
    assert not caplog.records


def test_other_weights_come_first(monkeypatch, weight_file, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "vgg16.npy").write_bytes(weight_file.read_bytes())
    assert gcpp.load().path == str(tmp_path / "models" / "vgg16.npy")
    monkeypatch.setenv("GRADCAMPP_WEIGHTS", str(weight_file))
    assert gcpp.load().path == str(weight_file)


def test_labels_of_the_caller_win():
    names = [f"kind {index}" for index in range(len(gcpp.load().labels))]
    assert gcpp.load(labels=names).labels == names


def test_samples_are_recognised():
    """A sample's name says what it shows: three_stars.png."""
    model = gcpp.load()
    assert len(gcpp.samples()) >= 3
    for path in gcpp.samples():
        best = model.predict(path, top=1)[0]
        assert best.label in Path(path).stem
        assert best.probability > 0.4
        with Image.open(path) as picture:
            assert picture.size == (224, 224)


def test_map_of_a_sample_is_not_spread_evenly():
    explanation = gcpp.load().explain(gcpp.samples()[0])
    lit = np.mean(explanation.heatmap > 0.5)
    assert 0 < lit < 0.4


def test_the_sentence_of_the_readme():
    code = "import gradcampp_swift as g; print(g.load().explain(g.samples()[0]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Explanation(target=")


def test_command_says_so():
    done = run("-f", gcpp.samples()[0], "-o", "out.jpeg")
    assert done.returncode == 0
    assert done.stderr == (
        "gradcampp: no weights found: using the network in the box; give some with --weights\n"
    ).replace("gradcampp:", done.stderr.partition(":")[0] + ":")
    assert Path("output/out.jpeg").is_file()


def test_command_with_weights_says_nothing(weight_file, photo_file):
    done = run("-f", str(photo_file), "--weights", str(weight_file))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("label", ["-1", "0", "star"])
def test_command_with_a_class_wants_weights(label):
    done = run("-f", gcpp.samples()[0], "-l", label)
    assert done.returncode == 1
    assert "no weights" in done.stderr
    assert "leave -l out" in done.stderr
    assert not Path("output").exists()


def test_it_is_small():
    assert Path(bundled.WEIGHTS).stat().st_size <= 4_000_000
