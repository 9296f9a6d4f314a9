"""The CSV file: whole pictures, continued after any interruption."""

import errno
import json
import os

import gradcampp_swift as gcpp
import pytest
from gradcampp_swift.command.evaluate.results import Results

HEADER = ["file", "method", "predicted", "class", "probability", "sha256", "drop"]
METHODS = ["one", "two"]
SETTINGS = {"layer": "conv5_3", "seed": 0, "with": ["deletion"]}


def rows(file):
    return [[file, method, "cat, tabby", "cat, tabby", "0.5", "ab", "1.25"] for method in METHODS]


def opened(path, header=HEADER, methods=METHODS, settings=SETTINGS):
    return Results(str(path), header, methods, settings)


@pytest.fixture
def path(tmp_path):
    with opened(tmp_path / "out.csv") as results:
        for file in ("a.png", "b.png", "ü, \udcff.png"):
            results.add(rows(file))
    return tmp_path / "out.csv"


WHOLE = (
    "file,method,predicted,class,probability,sha256,drop\n"
    'a.png,one,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
    'a.png,two,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
    'b.png,one,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
    'b.png,two,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
    '"ü, \udcff.png",one,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
    '"ü, \udcff.png",two,"cat, tabby","cat, tabby",0.5,ab,1.25\n'
).encode("utf-8", "surrogateescape")


def test_content(path):
    assert path.read_bytes() == WHOLE
    assert json.loads((path.parent / "out.csv.json").read_text()) == SETTINGS


def test_continues_after_a_cut_anywhere(path):
    """At every byte, so that every line, and the header, is cut everywhere."""
    for size in range(len(WHOLE) + 1):
        path.write_bytes(WHOLE[:size])
        whole_pictures = [
            file for file, end in zip("ab", (2, 4), strict=True) if WHOLE[:size].count(b"\n") > end
        ]
        with opened(path) as results:
            assert len(results.rows) == 2 * len(results.files)
            assert {f"{file}.png" for file in whole_pictures} <= results.files
            assert ("ü, \udcff.png" in results.files) == (size == len(WHOLE))
            for file in ("a.png", "b.png", "ü, \udcff.png"):
                if file not in results.files:
                    results.add(rows(file))
            found = results.rows
        assert path.read_bytes() == WHOLE
        assert found == rows("a.png") + rows("b.png") + rows("ü, \udcff.png")


def test_settings_must_be_the_same(path):
    def refused(says, settings):
        with pytest.raises(gcpp.BadDataError, match=says):
            opened(path, settings=settings)

    refused("made with seed 0, this run has 1; name another", {**SETTINGS, "seed": 1})
    refused(r'with \["deletion"\], this run has \[\]', {**SETTINGS, "with": []})
    refused('made with target null, this run has "labelled"', {**SETTINGS, "target": "labelled"})
    refused("made with layer", {name: SETTINGS[name] for name in ("seed", "with")})
    assert path.read_bytes() == WHOLE


def test_settings_must_be_there(path):
    beside = path.parent / "out.csv.json"
    for text in ("no JSON", "[1]", "\xff"):
        beside.write_text(text, encoding="latin1")
        with pytest.raises(gcpp.BadDataError, match="does not say how"):
            opened(path)
    beside.unlink()
    with pytest.raises(gcpp.BadDataError, match=r"is there, but not .*out\.csv\.json"):
        opened(path)
    assert path.read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("file,method\n", 1),
        ("a,b,c\n1,2,3\n", 1),
        ("\n", 1),
        (WHOLE.decode("utf-8", "surrogateescape").replace("a.png,two", "a.png,three"), 3),
        (WHOLE.decode("utf-8", "surrogateescape").replace("b.png,two", "c.png,two"), 5),
        (WHOLE.decode("utf-8", "surrogateescape").replace("b.png,one", "b.png,two"), 4),
        (WHOLE.decode("utf-8", "surrogateescape").replace(",0.5,ab,1.25", ",half,ab,1.25"), 2),
        (WHOLE.decode("utf-8", "surrogateescape") + "end\n", 8),
        (WHOLE.decode("utf-8", "surrogateescape") + "\n", 8),
    ],
)
def test_what_is_not_ours_stays(path, text, line):
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    before = path.read_bytes()
    with pytest.raises(gcpp.BadDataError, match=f"line {line} is not what this command writes"):
        opened(path)
    assert path.read_bytes() == before


def test_a_full_disk_leaves_whole_pictures(path, monkeypatch):
    write = os.write

    def half(file, data):
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data[: len(data) // 2])

    with opened(path) as results:
        monkeypatch.setattr(os, "write", half)
        with pytest.raises(gcpp.FileAccessError, match=r"out\.csv: cannot be written: No space"):
            results.add(rows("d.png"))
        assert "d.png" not in results.files
    assert path.read_bytes() == WHOLE


def test_an_interrupt_leaves_whole_pictures(path, monkeypatch):
    write = os.write

    def interrupted(file, data):
        write(file, data[:9])
        raise KeyboardInterrupt

    with opened(path) as results:
        monkeypatch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            results.add(rows("d.png"))
    assert path.read_bytes() == WHOLE


def test_one_writer(path):
    with opened(path), pytest.raises(gcpp.FileAccessError, match="another process writes it now"):
        opened(path)
    opened(path).close()


def test_without_a_file():
    with Results(None, HEADER, METHODS, {}) as results:
        results.add(rows("a.png"))
        assert results.files == {"a.png"}


def test_no_place_for_the_file(tmp_path):
    with pytest.raises(gcpp.FileAccessError, match="its folder does not exist"):
        opened(tmp_path / "none" / "out.csv")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(gcpp.FileAccessError, match="is not a regular file"):
        opened(tmp_path)


def test_pictures_that_are_removed(path):
    with opened(path) as results:
        assert results.cells("sha256") == {"a.png": "ab", "b.png": "ab", "ü, \udcff.png": "ab"}
        results.remove({"a.png", "another.png"})
        assert results.files == {"b.png", "ü, \udcff.png"}
        results.add(rows("a.png"))
    with opened(path) as results:
        assert list(results.cells("file")) == ["b.png", "ü, \udcff.png", "a.png"]
        results.remove(())
    assert path.read_bytes().count(b"\n") == 7
