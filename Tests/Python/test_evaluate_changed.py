"""`gradcampp evaluate --csv` again: what changed since is measured anew, and said."""

import hashlib
import shutil

import numpy as np
import pytest
from PIL import Image
from scene_folder import PROGRAM, evaluate, table

ARGUMENTS = ("scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv")


@pytest.fixture
def before(place, scenes):
    assert evaluate(place, *ARGUMENTS).returncode == 0
    return table(place.folder / "out.csv")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_hashes_are_of_the_files(scenes, before):
    for row in before:
        assert row["sha256"] == sha256(scenes / row["file"])
        mask = scenes / "masks" / row["file"]
        assert row["mask_sha256"] == (sha256(mask) if mask.exists() else "")
    assert {bool(row["mask_sha256"]) for row in before} == {True, False}


def test_a_picture_that_was_replaced(place, scenes, before):
    Image.open(scenes / "1.png").transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(scenes / "1.png")
    done = evaluate(place, *ARGUMENTS)
    says = f"{PROGRAM}changed since it was measured, done anew: scenes/1.png\n"
    assert (done.returncode, done.stderr) == (0, says)
    assert done.stdout.startswith("6 pictures; ")
    rows = table(place.folder / "out.csv")
    assert [row["file"] for row in rows[::2]] == [
        "0.png",
        "2.png",
        "3.png",
        "4.png",
        "5.png",
        "1.png",
    ]
    assert rows[:10] == [row for row in before if row["file"] != "1.png"]
    assert rows[10]["sha256"] == sha256(scenes / "1.png") != before[2]["sha256"]
    assert rows[10]["probability"] != before[2]["probability"]
    again = evaluate(place, *ARGUMENTS)
    assert (again.stderr, again.stdout) == ("", done.stdout)
    # As if the other picture had never been.
    (place.folder / "out.csv").unlink()
    assert evaluate(place, *ARGUMENTS).returncode == 0
    assert sorted(map(str, table(place.folder / "out.csv"))) == sorted(map(str, rows))


def test_a_mask_that_was_replaced_or_came(place, scenes, before):
    masks = scenes / "masks"
    mask = np.asarray(Image.open(masks / "1.png")).copy()
    mask[:, ::2] = 0
    Image.fromarray(mask).save(masks / "1.png")
    shutil.copyfile(masks / "1.png", masks / "0.png")  # which had none
    done = evaluate(place, *ARGUMENTS)
    start = f"{PROGRAM}changed since it was measured, done anew: scenes/masks"
    assert done.stderr == f"{start}/0.png\n{start}/1.png\n"
    rows = {(row["file"], row["method"]): row for row in table(place.folder / "out.csv")}
    for row in before:
        found = rows[row["file"], row["method"]]
        assert (found == row) == (row["file"] not in ("0.png", "1.png"))
        assert found["probability"] == row["probability"]
    assert evaluate(place, *ARGUMENTS).stderr == ""


def test_a_picture_that_broke(place, scenes, before):
    (scenes / "1.png").write_bytes(b"broken")
    done = evaluate(place, *ARGUMENTS)
    assert done.returncode == 0
    changed, aside = done.stderr.splitlines()
    assert changed == f"{PROGRAM}changed since it was measured, done anew: scenes/1.png"
    assert aside.startswith(f"{PROGRAM}set aside: scenes/1.png: ")
    assert done.stdout.startswith("5 pictures, 1 more set aside; ")
    assert {row["file"] for row in table(place.folder / "out.csv")}.isdisjoint({"1.png"})
    assert len(evaluate(place, *ARGUMENTS).stderr.splitlines()) == 1


def test_only_pictures_that_are_asked_for_are_compared(place, scenes, before):
    (scenes / "5.png").write_bytes((scenes / "1.png").read_bytes())
    done = evaluate(place, *ARGUMENTS, "--limit", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert table(place.folder / "out.csv") == before
