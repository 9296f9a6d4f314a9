"""Weight files that change while they are in use."""

import os
import subprocess
import sys
from pathlib import Path

import gradcampp_swift as gcpp
import numpy as np
import pytest
from test_limits import small_network

GREY = np.full((16, 16, 3), 99, np.uint8)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "small.npy"
    np.save(path, np.array(small_network(), dtype=object), allow_pickle=True)
    return path


def test_a_changed_file_is_not_used(weights: Path) -> None:
    model = gcpp.load(weights)
    model.explain(GREY)
    with weights.open("ab") as file:
        file.write(b"x")
    for ask in (
        lambda: model.explain(GREY),
        lambda: model.predict(GREY),
        lambda: model.activations(GREY, "conv1_1"),
        lambda: model.gradients(GREY, "conv1_1"),
        lambda: list(model.explain_many([GREY, GREY])),
        # Not this picture's fault: the stream ends, whatever is done about pictures.
        lambda: list(model.explain_many([GREY, GREY], errors="return")),
    ):
        with pytest.raises(gcpp.FileAccessError, match="was changed while it was open"):
            ask()


def test_a_shortened_file_is_an_error_not_a_signal(weights: Path) -> None:
    """In a process of its own: reading what is gone would end it."""
    program = (
        "import sys, os, numpy, gradcampp_swift as gcpp\n"
        "model = gcpp.load(sys.argv[1])\n"
        "os.truncate(sys.argv[1], 10)\n"
        "try: model.explain(numpy.zeros((16, 16), 'u1'))\n"
        "except gcpp.FileAccessError as error: print(error)\n"
    )
    command = [sys.executable, "-c", program, weights]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0
    assert "10 now); open it again" in result.stdout


def test_a_copied_file_may_change(weights: Path) -> None:
    expected = gcpp.load(weights).explain(GREY)
    model = gcpp.load(weights, mapped=False)
    os.truncate(weights, 0)
    assert np.array_equal(model.explain(GREY).heatmap, expected.heatmap)
    with pytest.raises(gcpp.WrongTypeError, match="mapped is 1"):
        gcpp.load(weights, mapped=1)  # type: ignore[arg-type]


def test_another_file_at_the_path_does_not_matter(weights: Path) -> None:
    model = gcpp.load(weights)
    expected = model.explain(GREY).heatmap
    other = weights.with_name("other")
    other.write_bytes(b"other")
    other.rename(weights)
    assert np.array_equal(model.explain(GREY).heatmap, expected)


def test_a_run_ends_with_one_sentence(weights: Path, tmp_path: Path) -> None:
    """The pictures after the change are not set aside: they are not looked at."""
    program = (
        "import sys, gradcampp_swift\n"
        "from gradcampp_swift.command.run import subcommand\n"
        "from gradcampp_swift.command.entry import main\n"
        "explain = subcommand._explain\n"
        "def changed(*arguments):\n"
        "    open(sys.argv[1], 'ab').write(b'x')\n"
        "    return explain(*arguments)\n"
        "subcommand._explain = changed\n"
        "sys.exit(main(['run', sys.argv[2], '-o', sys.argv[3], '--weights', sys.argv[1]]))\n"
    )
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in "abc":
        (photos / f"{name}.ppm").write_bytes(b"P6 16 16 255 " + bytes(768))
    out = tmp_path / "out"
    command = [sys.executable, "-c", program, weights, photos, out]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert f"{weights} was changed while it was open" in last
    assert "Traceback" not in result.stderr
    assert (out / "manifest.jsonl").read_text() == ""
