"""A map without evidence is said to be one, at every door."""

import json

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift.command import main
from PIL import Image


@pytest.fixture
def watcher(tmp_path):
    """A network whose map is bright where the picture is, a black picture and a white one."""
    networks.save_weights(tmp_path / "watcher.npy", networks.make_watcher())
    (tmp_path / "photos").mkdir()
    for name, level in (("black", 0), ("white", 255)):
        Image.new("RGB", (64, 64), (level,) * 3).save(tmp_path / "photos" / f"{name}.png")
    return tmp_path


def test_explanation(watcher):
    model = gcpp.load(watcher / "watcher.npy")
    black, white = (model.explain(watcher / f"photos/{name}.png", 0) for name in ("black", "white"))
    assert not black.has_evidence
    assert white.has_evidence
    assert "no evidence" in black._repr_html_()
    assert "no evidence" not in white._repr_html_()


def test_command(watcher, capsys):
    for name, is_blank in (("black", True), ("white", False)):
        arguments = ["-f", str(watcher / f"photos/{name}.png"), "-l", "0", "--json"]
        arguments += ["--weights", str(watcher / "watcher.npy"), "-o", str(watcher / "map.png")]
        assert main(arguments) == 0
        out, err = capsys.readouterr()
        assert json.loads(out)["has_evidence"] is not is_blank
        assert ("no evidence: nothing in layer conv5_3 speaks for" in err) == is_blank
        assert err.count("\n") == is_blank


def test_run_and_report(watcher, capsys):
    out = watcher / "out"
    arguments = ["run", str(watcher / "photos"), "-o", str(out), "-l", "0"]
    assert main([*arguments, "--weights", str(watcher / "watcher.npy")]) == 0
    lines = (out / "manifest.jsonl").read_text().splitlines()
    found = {record["file"]: record for record in map(json.loads, lines)}
    assert not found["black.png"]["has_evidence"]
    assert found["white.png"]["has_evidence"]
    assert found["white.png"]["predicted"]
    assert main(["report", str(out)]) == 0
    page = (out / "index.html").read_text()
    assert page.count("no evidence: the map is blank") == 1
    np.testing.assert_array_equal(capsys.readouterr().err.count("Traceback"), 0)
