"""FIFOs, devices, sockets and links to themselves, wherever a file is expected: never waited for.

A door that waited would end these tests by the patience of `Place.run`, or not at all.
"""

import os
import shutil
import socket
import subprocess
import sys

import gradcampp_swift as gcpp
import pytest
from conftest import PATIENCE
from gradcampp_swift.files import read_start
from picture_folder import MODULE, make_pictures, records

WORDS = {
    "fifo": "cannot be read: it is a FIFO, expected a regular file",
    "device": "cannot be read: it is a device, expected a regular file",
    "socket": "cannot be read: it is a socket or a device, expected a regular file",
    "itself": "cannot be read: Too many levels of symbolic links",
    "folder": "cannot be read: it is a folder, expected a regular file",
}


def make_special(path, kind):
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            here = os.getcwd()
            os.chdir(path.parent)  # the name of a socket is at most 108 bytes long
            try:
                server.bind(path.name)
            finally:
                os.chdir(here)
    elif kind == "itself":
        path.symlink_to(path.name)
    else:
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", WORDS)
def test_readers_refuse(tmp_path, kind):
    path = str(make_special(tmp_path / "x", kind))
    with pytest.raises(gcpp.FileAccessError) as raised:
        read_start(path, 10)
    assert str(raised.value) == f"{path}: {WORDS[kind]}"
    assert raised.value.filename == path
    assert raised.value.errno is not None


def test_a_fifo_that_somebody_writes_is_refused_too(tmp_path):
    path = make_special(tmp_path / "x", "fifo")
    other_end = os.open(path, os.O_RDWR)
    os.write(other_end, b"data")
    try:
        with pytest.raises(gcpp.FileAccessError, match="it is a FIFO"):
            read_start(str(path), 10)
    finally:
        os.close(other_end)


@pytest.mark.parametrize("kind", WORDS)
def test_python_doors(model, weight_file, tmp_path, kind):
    path = make_special(tmp_path / "x.png", kind)
    for door in (
        lambda: model.explain(path),
        lambda: model.predict(str(path)),
        lambda: next(model.explain_many([path])),
        lambda: gcpp.load(weight_file, labels=path),
        lambda: gcpp.load(path),
        lambda: gcpp.graph_passes(path),
    ):
        with pytest.raises((gcpp.FileAccessError, gcpp.BadDataError)) as raised:
            door()
        assert "x.png" in str(raised.value)


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("option", ["-f", "--labels", "--weights"])
def test_one_picture(place, kind, option):
    make_special(place.folder / "x.png", kind)
    image = "x.png" if option == "-f" else "photo.png"
    done = place.run(*([] if option == "-f" else [option, "x.png"]), image=image)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "x.png" in done.stderr


def test_stray_labels_that_are_no_file_are_passed_over(place):
    os.mkfifo(place.folder / "synset.txt")
    done = place.run("-o", "x.png", "--layout", "overlay")
    assert (done.returncode, done.stderr) == (0, "")


def test_run_sets_aside(place):
    folder = make_pictures(place.folder / "in", ["a.png"])
    for kind in WORDS:
        if kind != "folder":
            make_special(folder / f"{kind}.png", kind)
    done = place.run("run", "in", "-o", "out", image=None, start=MODULE)
    assert done.returncode == 0
    found = {record["file"]: record.get("reason") for record in records(place.folder / "out")}
    expected = {f"{kind}.png": words for kind, words in WORDS.items() if kind != "folder"}
    assert found == {"a.png": None, **expected}
    # Nor is any of them waited for when what is done is compared.
    again = place.run("run", "in", "-o", "out", image=None, start=MODULE)
    assert (again.returncode, again.stderr) == (0, "")


def test_evaluate_sets_aside(place):
    folder = make_pictures(place.folder / "in", ["a.png"])
    for kind in ("fifo", "device", "socket", "itself"):
        make_special(folder / f"{kind}.png", kind)
    done = place.run("evaluate", "in", image=None, start=MODULE)
    assert done.returncode == 0
    assert done.stdout.startswith("1 pictures, 4 more set aside")
    for kind in ("fifo", "device", "socket", "itself"):
        assert f"in/{kind}.png: {WORDS[kind]}" in done.stderr
    os.mkfifo(place.folder / "boxes.csv")
    done = place.run("evaluate", "in", "--boxes", "boxes.csv", image=None, start=MODULE)
    assert done.returncode == 1
    assert f"boxes.csv: {WORDS['fifo']}" in done.stderr


@pytest.mark.parametrize("name", ["manifest.jsonl", "run.json", "a.png.npy", "a.png.input.jpg"])
def test_files_of_a_run(place, name):
    make_pictures(place.folder / "in", ["a.png"])
    assert place.run("run", "in", "-o", "out", image=None, start=MODULE).returncode == 0
    (place.folder / "out" / name).unlink()
    os.mkfifo(place.folder / "out" / name)
    of_the_run = name in ("manifest.jsonl", "run.json")
    for arguments in (("report", "out"), ("run", "in", "-o", "out")):
        done = place.run(*arguments, image=None, start=MODULE)
        assert done.returncode == (1 if of_the_run else 0)
        assert done.stderr.count("\n") == (1 if of_the_run else 0), done.stderr


# ---- Pipes that the process was started with -----------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["cat photo.png | {} -f /dev/stdin", "{} -f /dev/stdin < photo.png",
     "{} -f <(cat photo.png)", "{} -f photo.png --labels <(printf '%s\\n' {{0..9}})"],
)  # fmt: skip
def test_pipes_of_the_shell_are_read(place, line):
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no bash")
    command = f"{sys.executable} -m gradcampp_swift -o x.npy"
    done = subprocess.run(
        [shell, "-c", line.format(command)],
        cwd=place.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    expected = place.run("-o", "y.npy").stdout.splitlines()[:3]
    assert done.stdout.splitlines()[:3] == expected


def test_a_terminal_is_no_picture(place):
    leader, follower = os.openpty()
    done = place.run(image="/dev/stdin", stdin=follower)
    os.close(leader)
    os.close(follower)
    assert done.returncode == 1
    assert "/dev/stdin: cannot be read: it is a device" in done.stderr
