"""`gradcampp evaluate` stopped from outside, and continued."""

import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

COMMAND = [
    *(sys.executable, "-m", "gradcampp_swift", "evaluate", "scenes"),
    *("--with", "deletion,insertion", "--csv"),
]


@pytest.fixture
def folder(place):
    (place.folder / "scenes").mkdir()
    random = np.random.default_rng(21)
    for number in range(16):
        pixels = random.integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(place.folder / "scenes" / f"{number:02}.png")
    return place.folder


def run(folder, name):
    return subprocess.run([*COMMAND, name], cwd=folder, capture_output=True, text=True, timeout=120)


def stopped(folder, name, stop, lines):
    """Start, send a signal once the file has some lines, and return the finished process."""
    path = folder / name
    child = subprocess.Popen(
        [*COMMAND, name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and child.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") >= lines:
            break
        time.sleep(0.001)
    child.send_signal(stop)
    output = child.communicate(timeout=60)
    return child.returncode, *output


@pytest.mark.parametrize(
    ("stop", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_continued_run_gives_the_same_bytes(folder, stop, code):
    whole = run(folder, "whole.csv")
    assert whole.returncode == 0
    expected = (folder / "whole.csv").read_bytes()
    for lines in (1, 7, 20):
        assert stopped(folder, "out.csv", stop, lines) == (code, "", "")
        found = (folder / "out.csv").read_bytes()
        assert expected.startswith(found)
        assert found.endswith(b"\n")
        assert lines <= found.count(b"\n") < expected.count(b"\n")
        # A picture has two lines, and the header is one.
        assert found.count(b"\n") % 2 == 1
    done = run(folder, "out.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, whole.stdout, "")
    assert (folder / "out.csv").read_bytes() == expected


def test_pictures_that_are_there_are_not_measured_again(folder):
    whole = run(folder, "out.csv")
    before = (folder / "out.csv").read_bytes()
    for path in (folder / "scenes").iterdir():
        shutil.copy(folder / "photo.png", path)
    again = run(folder, "out.csv")
    assert (again.stdout, again.stderr) == (whole.stdout, "")
    assert (folder / "out.csv").read_bytes() == before


def test_last_lines_cut_at_every_byte(folder):
    from gradcampp_swift.command import main

    arguments = ["evaluate", str(folder / "scenes"), "--weights", str(folder / "models/vgg16.npy")]
    arguments += ["--limit", "3", "--quiet", "--csv", str(folder / "out.csv")]
    assert main(arguments) == 0
    path = folder / "out.csv"
    whole = path.read_bytes()
    start = len(b"".join(whole.splitlines(keepends=True)[:-2]))
    assert whole[start:].startswith(b"02.png,gradcam++,")
    for size in range(start, len(whole) + 1):
        path.write_bytes(whole[:size])
        assert main(arguments) == 0
        assert path.read_bytes() == whole
