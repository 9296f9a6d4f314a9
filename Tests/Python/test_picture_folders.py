"""Which files of a folder are taken for its pictures, and which are passed over."""

import os

import gradcampp_swift as gcpp
import pytest
from gradcampp_swift.pictures.folders import Selection, list_pictures, walk_pictures
from picture_folder import make_pictures
from working_place import unprivileged


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "in"


def files(folder, *names):
    """Make files that are looked at by name only."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def walked(folder, *arguments, **selection):
    return walk_pictures(str(folder), *arguments, selection=Selection(**selection))


def test_names_come_in_the_order_of_code_points(folder):
    files(folder, "b.png", "a/z.png", "a.png", "a/b/c.jpg", "a-b/x.png", "B.PNG", "z\udcff.jpg")
    expected = ["B.PNG", "a/b/c.jpg", "a/z.png", "a-b/x.png", "a.png", "b.png", "z\udcff.jpg"]
    assert walked(folder).files == expected
    assert list_pictures(str(folder)) == ["B.PNG", "a.png", "b.png", "z\udcff.jpg"]


@pytest.mark.parametrize(
    "name",
    ["._a.png", ".hidden.jpg", ".Trash-1000/files/old.png", ".Trashes/x.jpg", ".cache/x.png",
     "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "sub/@eaDir/a.jpg", "__MACOSX/a.png", "#recycle/a.png",
     "$RECYCLE.BIN/a.png", "System Volume Information/a.png"],
)  # fmt: skip
def test_what_systems_leave_is_passed_over(folder, name):
    files(folder, "a.png", name)
    assert walked(folder) == (["a.png"], [], [])
    assert list_pictures(str(folder)) == ["a.png"]


def test_a_named_folder_may_be_hidden(tmp_path):
    files(tmp_path / ".photos", "a.png")
    assert walked(tmp_path / ".photos").files == ["a.png"]


def test_results_of_runs_are_passed_over(folder):
    files(folder, "a.png", "old/run.json", "old/a.png.png", "old/sub/x.png", "sub/older/run.json")
    files(folder, "sub/older/a.jpg", "sub/b.jpg", "out/run.json", "out/c.png")
    found = walked(folder, str(folder / "out"))
    assert found.files == ["a.png", "sub/b.jpg"]
    assert found.results == ["old", "sub/older"]
    for asked in (walk_pictures, list_pictures):
        with pytest.raises(gcpp.BadDataError, match=r"old holds run\.json, and so the results"):
            asked(str(folder / "old"))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"include": ["*.jpg"]}, ["a.jpg", "zoo/b.jpg", "zoo/thumbs/b.jpg"]),
        ({"include": ["zoo/*"]}, ["zoo/b.jpg", "zoo/thumbs/b.jpg"]),
        ({"include": ["a.*", "b.png"]}, ["a.jpg", "b.png"]),
        ({"exclude": ["thumbs"]}, ["a.jpg", "b.png", "zoo/b.jpg"]),
        ({"exclude": ["zoo/*"]}, ["a.jpg", "b.png"]),
        ({"include": ["*.jpg"], "exclude": ["b.*"]}, ["a.jpg"]),
        ({"include": ["[ab].png"]}, ["b.png"]),
    ],
)
def test_patterns(folder, selection, expected):
    files(folder, "a.jpg", "b.png", "zoo/b.jpg", "zoo/thumbs/b.jpg")
    assert walked(folder, **selection).files == expected
    top = [name for name in expected if "/" not in name]
    if top:
        assert list_pictures(str(folder), Selection(**selection)) == top


def test_patterns_that_leave_nothing(folder):
    files(folder, "a.jpg")
    for asked in (walk_pictures, list_pictures):
        with pytest.raises(gcpp.BadDataError, match="that --include and --exclude leave"):
            asked(str(folder), selection=Selection(include=["*.png"]))


# ---- Links ---------------------------------------------------------------------------------


def test_folders_that_link_to_each_other_are_walked_once(folder):
    files(folder, "a/1.png", "b/2.png", "c/3.png")
    for here, there in (("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "c"), ("a", "..")):
        os.symlink(f"../{there}" if there != ".." else "..", folder / here / f"to_{there}x")
    assert walked(folder).files == ["a/1.png", "b/2.png", "c/3.png"]


def test_the_time_does_not_grow_with_the_ways(folder):
    """Twenty folders, each with two links to the next: a million ways to the last."""
    for number in range(20):
        files(folder, f"{number:02}/{number:02}.png")
        for name in ("x", "y"):
            os.symlink(f"../{(number + 1) % 20:02}", folder / f"{number:02}" / name)
    assert walked(folder).files == [f"{number:02}/{number:02}.png" for number in range(20)]


def test_links_to_folders_elsewhere_are_followed_once(folder, tmp_path):
    files(tmp_path / "elsewhere", "x.png", "deep/y.png")
    files(folder, "z.png")
    for name in ("first", "second", "z"):
        os.symlink(tmp_path / "elsewhere", folder / name)
    os.symlink(folder, tmp_path / "elsewhere" / "back")
    assert walked(folder).files == ["first/deep/y.png", "first/x.png", "z.png"]


def test_links_to_nothing_and_to_themselves_are_pictures_that_cannot_be_read(folder):
    files(folder, "a.png")
    os.symlink("self.png", folder / "self.png")
    os.symlink("nowhere", folder / "broken.jpg")
    os.symlink("self", folder / "self")
    expected = ["a.png", "broken.jpg", "self.png"]
    assert walked(folder) == (expected, [], [])
    assert list_pictures(str(folder)) == expected


DEEP = 1100
"""Deeper than calls may be nested, within what a path may be long."""


@pytest.fixture
def deep_folder(folder):
    folder.mkdir()
    here = os.open(folder, os.O_RDONLY)
    for _ in range(DEEP):
        os.mkdir("d", dir_fd=here)
        here, above = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(os.open("x.png", os.O_CREAT, dir_fd=here))
    os.close(here)
    yield folder
    # What removes temporary folders is nested, too.
    for depth in range(DEEP, 0, -1):
        path = os.path.join(folder, *["d"] * depth)
        for name in os.listdir(path):
            if name == "x.png":
                os.unlink(os.path.join(path, name))
        os.rmdir(path)


def test_a_folder_of_any_depth(deep_folder):
    assert walked(deep_folder).files == ["d/" * DEEP + "x.png"]


# ---- Permission ----------------------------------------------------------------------------


def run(place, *arguments):
    start = ("-m", "gradcampp_swift")
    return place.run("run", *arguments, image=None, start=start, wrapper=unprivileged())


@pytest.mark.parametrize("mode", [0o000, 0o300])
def test_a_folder_that_cannot_be_read_is_set_aside(place, mode):
    make_pictures(place.folder / "in", ["a.png", "lost+found/x.png", "zoo/z.png"])
    locked = place.folder / "in" / "lost+found"
    locked.chmod(mode)
    try:
        done = run(place, "in", "-o", "out")
    finally:
        locked.chmod(0o700)
    program = "python -m gradcampp_swift run: "
    assert done.stdout == "out: 2 explained\n"
    assert done.stderr.splitlines() == [
        f"{program}set aside: in/lost+found: cannot be read: Permission denied",
        f"{program}in: a folder below could not be read, and any pictures there were not explained",
    ]
    assert done.returncode == 1
    again = run(place, "in", "-o", "out")
    assert (again.returncode, again.stdout, again.stderr) == (0, "out: 3 explained\n", "")


def test_only_folders_that_cannot_be_read(place):
    make_pictures(place.folder / "in", ["locked/x.png"])
    locked = place.folder / "in" / "locked"
    locked.chmod(0)
    try:
        done = run(place, "in", "-o", "out")
    finally:
        locked.chmod(0o700)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("run: in/locked: cannot be read: Permission denied\n")
    assert done.stderr.count("\n") == 1
