"""`gradcampp run`: what it says, refuses and shows."""

import io
import json
import os
import pty
import struct
import subprocess
import termios
from fcntl import ioctl

import pytest
from gradcampp_swift.command.record_file import RecordFile
from gradcampp_swift.command.run.manifest import Manifest
from picture_folder import BROKEN, MODULE, NAMES, PROGRAM, PYTHON, make_pictures, records, tree


@pytest.fixture
def folder(place):
    make_pictures(place.folder / "in")
    return place.folder


def run(place, *arguments, **options):
    return place.run("run", *arguments, image=None, start=MODULE, **options)


def test_broken_pictures_are_set_aside(place, folder):
    done = run(place, "in", "-o", "out")
    assert done.returncode == 0
    assert done.stdout == f"out: {len(NAMES) - 2} explained, 2 set aside (see out/manifest.jsonl)\n"
    said = done.stderr.splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"{PROGRAM}set aside: in/bad.jpg: the JPEG ends early")
    assert said[1] == f"{PROGRAM}set aside: in/sub/empty.png: the file is empty, expected a picture"
    quiet = run(place, "in", "-o", "quiet", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", done.stderr)
    assert tree(folder / "quiet") == tree(folder / "out")


def test_messages_of_libraries_stay_away(place, folder):
    """libtiff writes to descriptor 2 by itself."""
    (folder / "in" / "bad.tif").write_bytes(
        b"II*\0\x08\0\0\0\x01\0\x00\x01\x03\0\x01\0\0\0\0\0\0\0"
    )
    done = run(place, "in", "-o", "out")
    assert done.returncode == 0
    assert [line.split(": ")[2] for line in done.stderr.splitlines()] == [
        "in/bad.jpg",
        "in/bad.tif",
        "in/sub/empty.png",
    ]


def test_no_picture_can_be_used(place, folder):
    for path in (folder / "in").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    done = run(place, "in", "-o", "out")
    assert (done.returncode, done.stdout) == (1, "")
    says = f"in: none of {len(NAMES)} pictures could be explained; out/manifest.jsonl says why"
    assert done.stderr.splitlines()[-1] == PROGRAM + says
    assert len(records(folder / "out")) == len(NAMES)


REFUSED = {
    "no folder": (["none", "-o", "out"], "there is no file at none"),
    "a file": (["photo.png", "-o", "out"], "photo.png is a file, expected a folder"),
    "no pictures": (["models", "-o", "out"], "models holds no picture"),
    "output is input": (["in", "-o", "./in"], "-o names ./in, where the pictures lie"),
    "output holds other things": (["in", "-o", "other"], "other holds other things than a run"),
    "output is a file": (["in", "-o", "photo.png"], "photo.png is a file, expected a folder"),
    "format": (["in", "-o", "out", "--formats", "npy,gif"], "no format 'gif', expected one of npy"),
    "format twice": (["in", "-o", "out", "--formats", "npy,npy"], "'npy' is named twice"),
    "method": (["in", "-o", "out", "--method", "x"], "x"),
    "layer": (["in", "-o", "out", "--layer", "conv9_9"], "conv9_9"),
    "class": (["in", "-o", "out", "-l", "10"], "class is 10, expected 0 to 9, or -1"),
    "label": (["in", "-o", "out", "-l", "zebra"], "zebra"),
    "weights": (["in", "-o", "out", "--weights", "none.npy"], "there is no file at none.npy"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_line(place, folder, name):
    (folder / "other").mkdir()
    (folder / "other" / "mine.txt").write_text("mine")
    arguments, says = REFUSED[name]
    before = place.files()
    done = run(place, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(PROGRAM)
    assert says in done.stderr
    assert place.files() == before


@pytest.mark.parametrize(
    "arguments",
    [["in"], ["-o", "out"], ["in", "-o", "out", "--threshold", "1"],
     ["in", "-o", "out", "--threshold", "-0.1"], ["in", "-o", "out", "--batch-size", "0"],
     ["in", "-o", "out", "--workers", "0"], ["in", "-o", "out", "--formats", "npy,,input"]],
)  # fmt: skip
def test_wrong_usage(place, arguments):
    done = run(place, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: python -m gradcampp_swift run" in done.stderr


def test_other_settings_are_refused(place, folder):
    assert run(place, "in", "-o", "out", "--limit", "2").returncode == 0
    before = tree(folder / "out")
    make_pictures(folder / "in2", ["a.png"])
    for arguments, says in {
        ("in", "--threshold", "0.25"): "made with threshold 0.5, this run has 0.25; name another",
        ("in", "--method", "gradcam"): 'made with method "gradcam++", this run has "gradcam"',
        ("in", "--layer", "pool4"): 'layer "conv5_3", this run has "pool4"',
        ("in", "--crop", "pad"): 'crop "center", this run has "pad"',
        ("in", "-l", "3"): "target null, this run has 3",
        ("in", "--formats", "npy"): 'formats ["npy", "png16", "overlay", "input"], this run has',
        ("in2",): "folder ",
    }.items():
        done = run(place, *arguments, "-o", "out")
        assert done.returncode == 1
        assert says in done.stderr
    assert tree(folder / "out") == before
    # What the results do not depend on may change.
    options = ("--batch-size", "1", "--workers", "1", "--threads", "1")
    assert run(place, "in", "-o", "out", *options).returncode == 0


@pytest.mark.parametrize(
    "line", ['{"status": "ok", "file": "a"}', '{"file": 1, "status": "ok"}', "[]", "x",
             '{"file": "a", "status": "?"}'],
)  # fmt: skip
def test_what_is_not_ours_stays(place, folder, line):
    assert run(place, "in", "-o", "out", "--limit", "2").returncode == 0
    path = folder / "out" / "manifest.jsonl"
    path.write_text(path.read_text() + line + "\n")
    before = tree(folder / "out")
    done = run(place, "in", "-o", "out")
    assert done.returncode == 1
    assert "line 3 is not what gradcampp run writes there" in done.stderr
    assert tree(folder / "out") == before


def test_one_writer(tmp_path):
    with Manifest(str(tmp_path / "out"), {"a": 1}):
        path = str(tmp_path / "out" / "manifest.jsonl")
        with pytest.raises(OSError, match="another process writes it now"):
            RecordFile(path)
    with Manifest(str(tmp_path / "out"), {"a": 1}) as manifest:
        assert manifest.missing(["x"]) == ["x"]
    assert json.loads((tmp_path / "out" / "run.json").read_text()) == {"a": 1}


def test_a_folder_that_cannot_be_written(place, folder):
    from working_place import unprivileged

    (folder / "locked").mkdir(mode=0o500)
    done = run(place, "in", "-o", "locked/out", wrapper=unprivileged())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "locked/out" in done.stderr


def test_a_file_that_cannot_be_written_ends_the_run(place, folder):
    blocked = folder / "out" / "sub" / "a.jpg.npy"
    assert run(place, "in", "-o", "out", "--limit", "1").returncode == 0
    blocked.mkdir(parents=True)
    done = run(place, "in", "-o", "out", "--batch-size", "2")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (
        f"{PROGRAM}out/sub/a.jpg.npy: cannot be written: it exists and is not a regular file"
    )
    assert [record["file"] for record in records(folder / "out")] == NAMES[:4]
    blocked.rmdir()
    assert run(place, "in", "-o", "out").returncode == 0
    assert run(place, "in", "-o", "whole").returncode == 0
    assert tree(folder / "out") == tree(folder / "whole")


# ---- Help and progress ---------------------------------------------------------------------


def test_help(place):
    done = run(place, "-h")
    assert done.returncode == 0
    for word in ("FILE.overlay.jpg", "manifest.jsonl", "sha256", "--threshold"):
        assert word in done.stdout
    plain = place.run("-h", image=None, start=MODULE)
    assert "run (explain all pictures of a folder)" in " ".join(plain.stdout.split())


def on_a_terminal(folder, *arguments):
    """Run with standard error on a terminal of 100 columns; return what it showed."""
    leader, follower = pty.openpty()
    ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    with subprocess.Popen(
        [PYTHON, *MODULE, "run", "in", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=follower,
    ) as child:
        os.close(follower)
        shown = io.BytesIO()
        try:
            while data := os.read(leader, 4096):
                shown.write(data)
        except OSError:  # the terminal's other end is closed
            pass
        finally:
            os.close(leader)
    assert child.returncode == 0
    return shown.getvalue().decode()


def test_progress_bar_only_on_a_terminal(folder):
    shown = on_a_terminal(folder, "-o", "out")
    assert f"/{len(NAMES)} [" in shown
    assert "images/s" in shown
    assert shown.count("set aside: ") == len(BROKEN)
    quiet = on_a_terminal(folder, "-o", "quiet", "--quiet")
    assert quiet.count("\n") == len(BROKEN)
    assert "images/s" not in quiet
