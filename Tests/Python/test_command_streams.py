"""The command and its surroundings: streams, permissions, signals, foreign messages."""

import os
import shutil
import signal
import subprocess
import sys

import encoders
import numpy as np
import pytest
from conftest import PATIENCE
from PIL import Image
from working_place import CLASSIFY, assert_fails, unprivileged

# ---- Foreign messages ----------------------------------------------------------------------


def test_remarks_of_libtiff_are_not_shown(place):
    values = np.random.default_rng(1).integers(0, 256, (40, 40, 3))
    data = encoders.tiff(values, compressed=True, bits=8)
    (place.folder / "broken.tif").write_bytes(data[:300] + b"\xff" * 40 + data[340:])
    assert_fails(place.run(image="broken.tif"), "broken.tif")


def test_remarks_of_pillow_are_not_shown(place):
    # A stand-in for what Pillow logs, raises as warnings, and what C code writes to descriptor 2.
    code = (
        "import logging, os, sys, warnings\n"
        "import gradcampp_swift.command.explain as explain\n"
        "from gradcampp_swift.command import main\n"
        "original = explain.as_image\n"
        "def noisy(*arguments):\n"
        "    logging.getLogger('PIL.TiffImagePlugin').error('a remark')\n"
        "    warnings.warn('a remark')\n"
        "    os.write(2, b'a remark')\n"
        "    return original(*arguments)\n"
        "explain.as_image = noisy\n"
        "sys.exit(main())"
    )
    done = place.run(start=("-c", code))
    assert (done.returncode, done.stderr) == (0, "")
    assert_fails_as = place.run(image="none.jpg", start=("-c", code))
    assert assert_fails_as.stderr.endswith("there is no file at none.jpg\n")
    assert assert_fails_as.stderr.count("\n") == 1


def test_control_characters_are_escaped(place):
    labels = "\n".join(["a\x1b[2Jb"] * 10)
    (place.folder / "labels.txt").write_text(labels)
    done = place.run("--labels", "labels.txt", "-o", "x\x1b[2J\ny.png", "--layout", "overlay")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert done.stdout.endswith("\nSaved: output/x\\x1b[2J\\ny.png\n")
    assert len(done.stdout.splitlines()) == 4
    done = place.run(image="no\n\x1b[2Jne.jpg")
    assert done.stderr == "classify.py: there is no file at no\\n\\x1b[2Jne.jpg\n"


# ---- Streams -------------------------------------------------------------------------------


def _with_shell(place, redirection, *arguments):
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, CLASSIFY, *arguments],
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>&- 0>&-"])
def test_standard_error_that_takes_nothing(place, redirection):
    done = _with_shell(place, redirection, "-f", "none.jpg")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    done = _with_shell(place, redirection, "--no-such-option")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
    done = _with_shell(place, redirection, "-f", "photo.png", "-gpu", "0")
    assert done.returncode == 0
    assert done.stdout.startswith("Top1: ")


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-", "0>&- >&- 2>&-"])
def test_closed_streams_do_not_reach_the_picture(place, redirection):
    done = _with_shell(place, redirection, "-f", "photo.png", "-o", "x.tif", "--layout", "overlay")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with Image.open(place.folder / "output" / "x.tif") as picture:
        picture.load()
        assert picture.size == (64, 64)


@pytest.mark.parametrize("redirection", [">&-", "0>&- >&-", ">&- 2>&-"])
def test_an_answer_that_nobody_can_read_is_a_failure(place, redirection):
    shutil.copytree(place.folder / "models", place.folder / "in")
    shutil.copy(place.folder / "photo.png", place.folder / "in")
    before = place.files()
    for arguments in (["-f", "photo.png", "--json"], ["evaluate", "in"]):
        done = _with_shell(place, redirection, *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        if "2>" not in redirection:
            says = "standard output: cannot be written: it is closed\n"
            assert done.stderr.endswith(says)
            assert done.stderr.count("\n") == 1
    assert place.files() == before
    done = _with_shell(place, redirection, "evaluate", "in", "--csv", "x.csv")
    assert done.returncode == 0
    assert (place.folder / "x.csv").read_text().count("\n") == 3


# ---- What is left behind -------------------------------------------------------------------


def test_output_folder_without_permission(place):
    (place.folder / "output").mkdir(mode=0o500)
    done = place.run(wrapper=unprivileged())
    assert_fails(done, "no permission to write in", "/output")
    assert place.files() == {"output"}


def test_picture_without_permission(place):
    (place.folder / "output").mkdir()
    old = place.folder / "output" / "output.jpeg"
    old.write_bytes(b"the old picture")
    old.chmod(0o444)
    assert_fails(place.run(wrapper=unprivileged()), "output/output.jpeg", "permission")
    assert old.read_bytes() == b"the old picture"


@pytest.mark.parametrize("name", ["a/b/picture.palm", "a/b/picture.xbm", "a/b/picture"])
def test_wrong_suffix_leaves_no_folders(place, name):
    assert_fails(place.run("-o", name), "output/a/b/picture")
    assert place.files() == set()


FAIL_WHILE_SAVING = (
    "import sys\n"
    "import gradcampp_swift.explanations.explanation as explanation\n"
    "import gradcampp_swift.command as command\n"
    "from gradcampp_swift.files import write_whole\n"
    "def save(path, picture): write_whole(path, write)\n"
    "explanation.save_picture = save\n"
)


def test_failure_while_saving_removes_the_folders_it_made(place):
    (place.folder / "output" / "kept").mkdir(parents=True)
    code = (
        f"{FAIL_WHILE_SAVING}"
        "def write(file): file.write(b'half'); raise OSError(28, 'No space left on device')\n"
        "sys.exit(command.main())"
    )
    done = place.run("-o", "kept/a/b/picture.png", start=("-c", code))
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert place.files() == {"output/kept"}


def test_termination_while_saving_leaves_nothing(place):
    code = (
        f"{FAIL_WHILE_SAVING}"
        "import signal\n"
        "def write(file): file.write(b'half'); signal.raise_signal(signal.SIGTERM)\n"
        "sys.exit(command.main())"
    )
    done = place.run(start=("-c", code))
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, "", "")
    assert place.files() == set()


# ---- Interrupted imports -------------------------------------------------------------------


def test_interrupt_while_the_package_is_imported(tmp_path):
    shutil.copy(CLASSIFY, tmp_path)
    (tmp_path / "gradcampp_swift").mkdir()
    (tmp_path / "gradcampp_swift" / "__init__.py").write_text("raise KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "classify.py", "-f", "x"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_interrupt_while_the_command_is_imported():
    code = (
        "import runpy, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'gradcampp_swift.command': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "runpy.run_module('gradcampp_swift', run_name='__main__', alter_sys=True)"
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
