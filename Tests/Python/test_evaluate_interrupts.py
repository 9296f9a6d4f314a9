"""`gradcampp evaluate` stopped from outside, and continued."""

import signal
import subprocess
import sys

import numpy as np
import pytest
from conftest import PATIENCE
from PIL import Image
from stopped_commands import stopped

ARGUMENTS = ("evaluate", "scenes", "--with", "deletion,insertion", "--csv")

#: An event is a map that has been measured: there are two of each picture.
MAPS = """
from gradcampp_swift.command.evaluate.measuring import Measuring
cells = Measuring._cells
def counted(self, case):
    found = cells(self, case)
    pass_by()
    return found
Measuring._cells = counted
"""


@pytest.fixture
def folder(place):
    (place.folder / "scenes").mkdir()
    random = np.random.default_rng(21)
    for number in range(16):
        pixels = random.integers(0, 256, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(place.folder / "scenes" / f"{number:02}.png")
    return place.folder


def run(folder, name):
    command = [sys.executable, "-m", "gradcampp_swift", *ARGUMENTS, name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("stop", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_continued_run_gives_the_same_bytes(folder, stop, code):
    whole = run(folder, "whole.csv")
    assert whole.returncode == 0
    expected = (folder / "whole.csv").read_bytes()
    pictures = 0
    for moment in (1, 8, 13):
        done = stopped(MAPS, [*ARGUMENTS, "out.csv"], folder, stop, moment)
        assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
        pictures += (moment - 1) // 2  # that whose map is the moment's is not whole
        found = (folder / "out.csv").read_bytes()
        assert expected.startswith(found)
        assert found.count(b"\n") == 1 + 2 * pictures
    done = run(folder, "out.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, whole.stdout, "")
    assert (folder / "out.csv").read_bytes() == expected


def test_pictures_that_are_there_are_not_measured_again(folder):
    assert run(folder, "out.csv").returncode == 0
    path = folder / "out.csv"
    first, *rows = path.read_text().splitlines()
    cells = rows[0].split(",")
    cells[first.split(",").index("probability")] = "0.0625"  # of which no measuring knows
    path.write_text("\n".join([first, ",".join(cells), *rows[1:]]) + "\n")
    before = path.read_bytes()
    again = run(folder, "out.csv")
    assert (again.returncode, again.stderr) == (0, "")
    assert path.read_bytes() == before


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
