"""A run's folder that a stranger made: read within it, written within it, or refused."""

import json
import os

import numpy as np
import pytest
from gradcampp_swift.command.run.manifest import read_manifest
from gradcampp_swift.errors import BadDataError, FileAccessError
from gradcampp_swift.files import temporary_name, write_whole
from picture_folder import MODULE, make_pictures, records, tree

GOOD = {
    "file": "a.png",
    "sha256": "0" * 64,
    "status": "ok",
    "label": "0",
    "class": 0,
    "probability": 0.5,
    "size": [64, 80],
    "boxes": [[1, 2, 3, 4]],
    "written": {"npy": "a.png.npy", "input": "a.png.input.jpg"},
}
BAD = {"file": "a.png", "sha256": None, "status": "failed", "reason": "it is broken"}


@pytest.fixture
def output(place):
    make_pictures(place.folder / "in", ["a.png", "b.png"])
    assert command(place, "run", "in", "-o", "out").returncode == 0
    return place.folder / "out"


def command(place, *arguments):
    return place.run(*arguments, image=None, start=MODULE)


CHANGES = {
    "an absolute path": ("written", {"input": "/etc/hostname"}),
    "a path above": ("written", {"input": "../../photo.png"}),
    "a path above, within": ("written", {"npy": "sub/../../x.npy"}),
    "no path": ("written", {"npy": ""}),
    "NUL in a path": ("written", {"npy": "a\0b"}),
    "half a pair in a path": ("written", {"npy": "\ud800"}),
    "a number as path": ("written", {"npy": 1}),
    "paths as list": ("written", ["a.png.npy"]),
    "no paths": ("written", None),
    "a text as class": ("class", "1"),
    "a class below zero": ("class", -1),
    "a wide class": ("class", 10**30),
    "a fraction as class": ("class", 1.5),
    "a truth as class": ("class", True),
    "a text as probability": ("probability", "x"),
    "no probability": ("probability", None),
    "a probability of two": ("probability", 2),
    "a wide probability": ("probability", 10**400),
    "NaN": ("probability", float("nan")),
    "infinity": ("probability", float("inf")),
    "a number as label": ("label", 3),
    "three corners": ("boxes", [[1, 2, 3]]),
    "a box of texts": ("boxes", [["a", "b", "c", "d"]]),
    "boxes as number": ("boxes", 4),
    "a size of one": ("size", [3]),
    "a number as hash": ("sha256", 3),
    "a list as status": ("status", ["ok"]),
    "a number as file": ("file", 1),
}

LINES = {
    **{name: json.dumps({**GOOD, key: value}) for name, (key, value) in CHANGES.items()},
    "no reason": json.dumps({**BAD, "reason": None}),
    "a reason of lists": json.dumps({**BAD, "reason": [[]]}),
    "deep": "[" * 100_000,
    "deep within": '{"file": "a", "status": ' + "[" * 100_000,
    "digits": '{"file": "a", "status": "ok", "class": ' + "1" * 10_000 + "}",
    "an empty line": "",
    "a longer line than any": '{"file": "' + "a" * (1 << 24),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_that_a_run_does_not_write(tmp_path, name):
    (tmp_path / "manifest.jsonl").write_text(json.dumps(BAD) + "\n" + LINES[name] + "\n")
    with pytest.raises(BadDataError, match="line 2 is not what gradcampp run writes there"):
        list(read_manifest(str(tmp_path)))


def test_lines_that_it_does_write(tmp_path):
    for record in (GOOD, BAD, {**GOOD, "boxes": [], "written": {}, "size": None}):
        (tmp_path / "manifest.jsonl").write_text(json.dumps(record) + "\n")
        assert list(read_manifest(str(tmp_path))) == [record]


@pytest.mark.parametrize("name", ["an absolute path", "deep", "NaN", "a longer line than any"])
def test_both_commands_end_with_one_sentence(place, output, name):
    path = output / "manifest.jsonl"
    path.write_text(path.read_text() + LINES[name] + "\n")
    before = tree(output)
    for arguments in (("report", "out"), ("run", "in", "-o", "out")):
        done = command(place, *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert "line 3 is not what gradcampp run writes there" in done.stderr
    assert tree(output) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\0", b"", b"[]", b"1", b"[" * 100_000])
def test_settings_of_any_content(place, output, content):
    (output / "run.json").write_bytes(content)
    for arguments in (("report", "out"), ("run", "in", "-o", "out")):
        done = command(place, *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


# ---- What a report reads -------------------------------------------------------------------


def test_links_out_of_the_folder_are_refused(place, output):
    (output / "a.png.input.jpg").unlink()
    (output / "a.png.input.jpg").symlink_to(place.folder / "photo.png")
    done = command(place, "report", "out")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "out/a.png.input.jpg leads out of out; remove the link" in done.stderr
    assert not (output / "index.html").exists()


def numbers(array):
    import io

    file = io.BytesIO()
    np.save(file, array, allow_pickle=array.dtype == object)
    return file.getvalue()


HUGE = (
    b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1048576, 16777216)}"
)

MAPS = {
    "nothing": b"",
    "objects": numbers(np.array([[{}]], object)),
    "texts": numbers(np.array([["a"]])),
    "a structure": numbers(np.zeros((3, 3), [("x", "f4")])),
    "NaN": numbers(np.full((3, 3), np.nan, np.float32)),
    "infinity": numbers(np.full((3, 3), np.inf, np.float32)),
    "complex": numbers(np.zeros((3, 3), complex)),
    "three axes": numbers(np.zeros((3, 3, 3), np.float32)),
    "more than memory": HUGE + b" " * (118 - len(HUGE) + 9) + b"\n",
}


@pytest.mark.parametrize("name", MAPS)
def test_maps_of_any_content_leave_the_overlay(place, output, name):
    whole = command(place, "report", "out", "--limit", "1")
    assert whole.returncode == 0
    assert 'class="map"' in (output / "index.html").read_text()
    (output / "a.png.npy").write_bytes(MAPS[name])
    done = command(place, "report", "out", "--limit", "1")
    assert (done.returncode, done.stderr) == (0, "")
    page = (output / "index.html").read_text()
    assert 'class="map"' not in page
    assert 'class="photo"' in page


# ---- What is written -----------------------------------------------------------------------


@pytest.fixture
def victim(place):
    path = place.folder / "victim"
    path.write_bytes(b"precious")
    return path


def test_a_planted_temporary_file_is_not_written_through(tmp_path, victim, monkeypatch):
    """The name is known here, as it never is."""
    import gradcampp_swift.files as files

    monkeypatch.setattr(files, "temporary_name", lambda: "known.tmp")
    (tmp_path / "known.tmp").symlink_to(victim)
    with pytest.raises(FileAccessError, match="File exists"):
        write_whole(str(tmp_path / "x"), lambda file: file.write(b"data"))
    assert victim.read_bytes() == b"precious"
    assert not (tmp_path / "x").exists()


def test_names_of_temporary_files_are_not_repeated():
    assert len({temporary_name() for _ in range(1000)}) == 1000


def test_a_link_that_somebody_named_stays_one(tmp_path, victim):
    (tmp_path / "link").symlink_to(victim)
    write_whole(str(tmp_path / "link"), lambda file: file.write(b"new"))
    assert victim.read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    "name", ["b.png.npy", "b.png.png", "b.png.overlay.jpg", "b.png.input.jpg", "b.png.npy.tmp"]
)
def test_links_in_the_output_are_not_written_through(place, output, victim, name):
    path = output / "manifest.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    (output / name).unlink(missing_ok=True)
    (output / name).symlink_to(victim)
    assert command(place, "run", "in", "-o", "out").returncode == 0
    assert victim.read_bytes() == b"precious"
    assert os.path.islink(output / name) == name.endswith(".tmp")


def test_links_at_the_runs_own_files(place, output, victim):
    victim.write_bytes(b"")
    (output / "index.html").symlink_to(victim)
    assert command(place, "report", "out").returncode == 0
    (output / "manifest.jsonl").unlink()
    (output / "run.json").unlink()
    (output / "manifest.jsonl").symlink_to(victim)
    done = command(place, "run", "in", "-o", "out")
    assert done.returncode == 1
    assert "out/manifest.jsonl: cannot be written: it is a link" in done.stderr
    (output / "manifest.jsonl").unlink()
    (output / "manifest.jsonl").touch()
    (output / "run.json").symlink_to(victim)
    assert command(place, "run", "in", "-o", "out").returncode == 0
    assert victim.read_bytes() == b""


def test_a_folder_that_leads_out(place, tmp_path):
    make_pictures(place.folder / "in", ["a.png", "zoo/z.png"])
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    (place.folder / "out").mkdir()
    (place.folder / "out" / "manifest.jsonl").touch()
    (place.folder / "out" / "zoo").symlink_to(elsewhere)
    done = command(place, "run", "in", "-o", "out")
    assert done.returncode == 1
    assert done.stderr.endswith("out/zoo leads out of out; remove the link\n")
    assert list(elsewhere.iterdir()) == []
    assert [record["file"] for record in records(place.folder / "out")] == ["a.png"]
