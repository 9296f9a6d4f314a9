"""The command where something fails: one line, exit 1, nothing half-written."""

import io
import os
import re
import resource
import struct
import subprocess
import sys

import networks
import pytest
from PIL import Image
from working_place import CLASSIFY, assert_fails


def _jpeg(picture, size=None):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    if size is not None:
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", *size)
    return bytes(data)


BAD_PICTURES = {
    "empty.jpg": lambda picture: b"",
    "text.jpg": lambda picture: b"no picture\n",
    "truncated.jpg": lambda picture: _jpeg(picture)[:700],
    "zero.jpg": lambda picture: _jpeg(picture, (0, 0)),
    "huge.jpg": lambda picture: _jpeg(picture, (20000, 20000)),
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_bad_pictures(place, name):
    picture = Image.open(place.folder / "photo.png")
    (place.folder / name).write_bytes(BAD_PICTURES[name](picture))
    assert_fails(place.run(image=name), name)
    assert place.files() == {name}


FAILURES = {
    "missing picture": (["-f", "none.jpg"], "there is no file at none.jpg"),
    "folder as picture": (["-f", "models"], "models"),
    "empty picture name": (["-f", ""], "the file name is empty"),
    "class 1000": (["-l", "1000"], "class is 1000, expected 0 to 9, or -1 for the predicted"),
    "class -2": (["-l", "-2"], "class is -2, expected 0 to 9, or -1 for the predicted class"),
    "class 1_0": (["-l", "1_0"], "no class is labelled '1_0'"),
    "class in Arabic digits": (["-l", "٣"], "no class is labelled '٣'"),
    "unknown label": (["-l", "cat"], "no class is labelled 'cat'"),
    "a label that is another's number": (["--labels", "one.txt", "-l", "3"], "say label:3 or"),
    "a label that means the predicted class": (["--labels", "minus.txt", "-l", "-1"], "label:-1"),
    "unknown layer": (["--layer", "conv9_9"], "conv9_9"),
    "unknown method": (["--method", "magic"], "magic"),
    "unknown suffix": (["-o", "picture.xyz"], ".xyz"),
    "no suffix": (
        ["-o", "picture"],
        "output/picture has no suffix; end it with .jpeg, .png or .npy",
    ),
    "missing folder": (["-o", "/no/such/folder/x.png"], "/no/such/folder/x.png"),
    "below a file": (["-o", "/etc/hostname/x.png"], "/etc/hostname is not a folder"),
    "missing weights": (["--weights", "none.npy"], "there is no file at none.npy"),
    "folder as weights": (["--weights", "models"], "models"),
    "picture as weights": (["--weights", "photo.png"], "photo.png"),
    "missing labels": (["--labels", "none.txt"], "there is no file at none.txt"),
    "wrong labels": (["--labels", "two.txt"], "two.txt holds 2 labels, expected 10"),
    "numbers of a figure": (["-o", "x.npy", "--layout", "figure"], "x.npy"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failures(place, name):
    arguments, says = FAILURES[name]
    (place.folder / "two.txt").write_text("a\nb\n")
    (place.folder / "one.txt").write_text("\n".join(map(str, range(1, 11))))
    (place.folder / "minus.txt").write_text("\n".join(map(str, range(-1, 9))))
    before = place.files()
    done = place.run(*arguments)
    assert_fails(done, says)
    assert not re.search("target|None|model\\.", done.stderr)  # no words of the Python door
    assert place.files() == before


def test_no_weights_lists_where_it_looked(place):
    (place.folder / "models/vgg16.npy").unlink()
    path = str(place.folder / "models/vgg16.npy")
    failed = place.run("-l", "3")  # without -l the network in the box would serve
    assert_fails(failed, "GRADCAMPP_WEIGHTS", path, "give some with --weights, or leave -l out")
    missing = {"GRADCAMPP_WEIGHTS": "/none.npy"}
    assert_fails(place.run(environment=missing), "GRADCAMPP_WEIGHTS", "/none.npy")


def test_weights_of_wrong_shape(place):
    weights = networks.make_weights()
    weights["conv2_1"][0] = weights["conv2_1"][0][:, :, :3]
    networks.save_weights(place.folder / "models/vgg16.npy", weights)
    assert_fails(place.run(), "conv2_1")


def test_output_folder_that_is_a_file(place):
    (place.folder / "output").write_text("in the way")
    assert_fails(place.run(), "output")
    assert (place.folder / "output").read_text() == "in the way"


def test_full_disk_leaves_nothing_behind(place):
    (place.folder / "output").mkdir()
    old = place.folder / "output" / "output.jpeg"
    old.write_bytes(b"the old picture")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    assert_fails(place.run(preexec_fn=limit), "output/output.jpeg")
    assert old.read_bytes() == b"the old picture"
    assert place.files() == {"output/output.jpeg"}


def test_full_standard_output(place):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, CLASSIFY, "-f", "photo.png"],
            cwd=place.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "standard output" in done.stderr


def test_broken_pipe_is_quiet(place):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, CLASSIFY, "-f", "photo.png"],
        cwd=place.folder,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
    assert (place.folder / "output/output.jpeg").is_file()


def test_no_memory_is_said_in_words(place):
    code = (
        "import sys, gradcampp_swift.command.explain as explain\n"
        "from gradcampp_swift.command import main\n"
        "def without_memory(*arguments): raise MemoryError\n"
        "explain.as_image = without_memory\n"
        "sys.exit(main(program='classify.py'))"
    )
    assert_fails(place.run(start=("-c", code)), "no memory is left")


def test_interrupt_is_quiet(place):
    code = (
        "import signal, sys, gradcampp_swift.command.explain as explain\n"
        "from gradcampp_swift.command import main\n"
        "explain.as_image = lambda *arguments: signal.raise_signal(signal.SIGINT)\n"
        "sys.exit(main())"
    )
    done = place.run(start=("-c", code))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
