"""`gradcampp evaluate`: what it writes, says and refuses."""

import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

import numpy as np
import pytest
from gradcampp_swift import metrics
from PIL import Image
from scene_folder import MODULE, PROGRAM, evaluate, place_model, table

# ---- Pictures that cannot be used ----------------------------------------------------------


def test_broken_pictures_are_set_aside(place, scenes):
    (scenes / "1.5.jpg").write_bytes(b"\xff\xd8\xff broken")
    (scenes / "2.png").write_bytes((scenes / "2.png").read_bytes()[:300])
    (scenes / "new\nline.png").write_bytes((scenes / "0.png").read_bytes())
    (scenes / "notes.txt").write_text("no picture")
    (scenes / "folder.png").mkdir()
    Image.fromarray(np.zeros((3, 3), np.uint8)).save(scenes / "masks" / "5.png")
    done = evaluate(place, "scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv")
    assert done.returncode == 0
    said = done.stderr.splitlines()
    assert len(said) == 4
    assert all(line.startswith(f"{PROGRAM}set aside: scenes/") for line in said)
    assert said[0].startswith(f"{PROGRAM}set aside: scenes/1.5.jpg: ")
    assert said[1].startswith(f"{PROGRAM}set aside: scenes/2.png: ")
    assert "scenes/5.png: scenes/masks/5.png: a mask of 3 x 3" in said[2]
    assert said[3].endswith("scenes/new\\nline.png: its name holds a control character")
    assert done.stdout.startswith("4 pictures, 4 more set aside; ")
    files = [row["file"] for row in table(place.folder / "out.csv")]
    assert files[::2] == ["0.png", "1.png", "3.png", "4.png"]
    again = evaluate(place, "scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv")
    assert (again.stdout, again.stderr) == (done.stdout, done.stderr)


def test_labelled_needs_a_label(place, scenes):
    boxes = (scenes / "boxes.csv").read_text().splitlines()
    boxes = [line for line in boxes if not line.startswith("1.png")]
    boxes = [line.replace("0.png,", "0.png,uni") for line in boxes]
    (scenes / "boxes.csv").write_text("\n".join(boxes))
    done = evaluate(place, "scenes", "--boxes", "scenes/boxes.csv", "--target", "labelled")
    said = done.stderr.splitlines()
    assert len(said) == 3
    assert "labels that are no class of the model" in said[0]
    assert "uni" in said[0]
    assert said[1].endswith("is no class of the model")
    assert said[2].endswith("1.png: it is not in the file of boxes, so that no class is labelled")
    assert done.stdout.startswith("4 pictures, 2 more set aside; ")


def test_no_picture_can_be_used(place, scenes):
    for path in scenes.glob("*.png"):
        path.write_bytes(b"")
    done = evaluate(place, "scenes")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == f"{PROGRAM}scenes: none of 6 pictures could be used"


# ---- Refusals ------------------------------------------------------------------------------

REFUSED = {
    "no folder": (["none"], "there is no file at none"),
    "a file": (["photo.png"], "photo.png is a file, expected a folder"),
    "no pictures": (["models"], "models holds no picture"),
    "method": (["scenes", "--methods", "gradcam,x"], "no method 'x', expected one of gradcam++"),
    "twice": (["scenes", "--methods", "gradcam,gradcam"], "'gradcam' is named twice"),
    "metric": (["scenes", "--with", "x"], "no metric for --with 'x', expected one of deletion"),
    "layer": (["scenes", "--layer", "conv9_9"], "conv9_9"),
    "dense layer": (["scenes", "--layer", "fc7"], "fc7"),
    "weights": (["scenes", "--weights", "none.npy"], "there is no file at none.npy"),
    "labels": (["scenes", "--labels", "none.txt"], "there is no file at none.txt"),
    "boxes": (["scenes", "--boxes", "none.csv"], "there is no file at none.csv"),
    "other boxes": (["scenes", "--boxes", "other.csv"], "names no picture of scenes"),
    "target": (["scenes", "--target", "labelled"], "--target labelled needs --boxes"),
    "csv": (["scenes", "--csv", "none/out.csv"], "its folder does not exist"),
    "foreign csv": (["scenes", "--csv", "other.csv"], "is there, but not other.csv.json"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_line(place, scenes, name):
    arguments, says = REFUSED[name]
    (place.folder / "other.csv").write_text("file,label,x0,y0,x1,y1\nz.png,1,0,0,1,1\n")
    before = place.files()
    done = evaluate(place, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(PROGRAM)
    assert says in done.stderr
    assert place.files() == before


@pytest.mark.parametrize(
    "arguments",
    [[], ["scenes", "--limit", "0"], ["scenes", "--seed", "-1"], ["scenes", "--methods", "a,,b"],
     ["scenes", "--target", "x"], ["scenes", "--threads", "0"], ["scenes", "--wit", "deletion"]],
)  # fmt: skip
def test_wrong_usage(place, arguments):
    done = evaluate(place, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: python -m gradcampp_swift evaluate" in done.stderr


def test_other_settings_are_refused(place, scenes):
    assert evaluate(place, "scenes", "--csv", "out.csv").returncode == 0
    before = (place.folder / "out.csv").read_bytes()
    for arguments, says in {
        ("--seed", "1"): "made with seed 0, this run has 1",
        ("--methods", "gradcam"): 'methods ["gradcam++", "gradcam"], this run has ["gradcam"]',
        ("--layer", "conv5_2"): 'layer "conv5_3", this run has "conv5_2"',
        ("--with", "deletion"): 'with [], this run has ["deletion"]',
        ("--boxes", "scenes/boxes.csv"): "boxes_sha256 null",
    }.items():
        done = evaluate(place, "scenes", "--csv", "out.csv", *arguments)
        assert done.returncode == 1
        assert says in done.stderr
    assert (place.folder / "out.csv").read_bytes() == before
    settings = json.loads((place.folder / "out.csv.json").read_text())
    assert settings["folder"] == os.path.realpath(scenes)
    assert settings["weights_sha256"] == place_model(place).sha256


# ---- Help, dispatch, progress --------------------------------------------------------------


def test_help(place):
    done = place.run("-h", image=None, start=MODULE)
    assert "python -m gradcampp_swift evaluate (measure" in " ".join(done.stdout.split())
    done = evaluate(place, "-h")
    assert done.returncode == 0
    for metric in metrics.METRICS:
        for column in metric.columns:
            assert column.name in done.stdout


def test_the_plain_command_imports_nothing_of_it(place):
    code = (
        "import sys\n"
        "from gradcampp_swift.command import main\n"
        "main(['-f', 'photo.png'])\n"
        "print([name for name in sys.modules if 'metrics' in name or 'evalua' in name\n"
        "       or 'tqdm' in name])"
    )
    done = place.run(image=None, start=("-c", code))
    assert done.stdout.endswith("[]\n")


def test_a_picture_named_like_the_command(place):
    (place.folder / "evaluate").write_bytes((place.folder / "photo.png").read_bytes())
    assert place.run(image="evaluate", start=MODULE).returncode == 0


def on_a_terminal(place, *arguments):
    """Run with standard error on a terminal of 100 columns; return what it showed."""
    leader, follower = pty.openpty()
    ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    command = [sys.executable, *MODULE, "evaluate", "scenes", *arguments]
    with subprocess.Popen(
        command, cwd=place.folder, stdout=subprocess.PIPE, stderr=follower, text=True
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
        assert child.stdout.read().startswith("6 pictures")
    assert child.returncode == 0
    return shown.getvalue().decode()


def test_progress_bar_only_on_a_terminal(place, scenes):
    shown = on_a_terminal(place, "--csv", "out.csv")
    assert "0/6" in shown
    assert "picture" in shown
    assert on_a_terminal(place, "--csv", "out.csv", "--quiet") == ""
    assert "6/6" in on_a_terminal(place, "--csv", "out.csv")  # all there already
