"""`gradcampp run`: what it writes for each picture."""

import hashlib
import json
import os
import shutil

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.command import main
from gradcampp_swift.command.run.products import PRODUCTS, product_path
from picture_folder import BROKEN, NAMES, make_pictures, records, tree
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    return make_pictures(tmp_path / "in")


@pytest.fixture
def run(tmp_path, weight_file, folder):
    """Run in this process and return the exit code."""

    def run(*arguments, output="out", quiet=True):
        start = ["run", str(folder), "-o", str(tmp_path / output), "--weights", str(weight_file)]
        return main([*start, *arguments, *(["--quiet"] if quiet else [])])

    return run


def test_lines_are_in_order_and_true(tmp_path, folder, run, model):
    assert run("--threshold", "0.3") == 0
    found = records(tmp_path / "out")
    assert [record["file"] for record in found] == NAMES
    for record in found:
        path = folder / record["file"]
        if record["file"] in BROKEN:
            assert list(record) == ["file", "sha256", "status", "reason"]
            assert record["status"] == "failed"
            continue
        assert list(record) == [
            *("file", "sha256", "status", "label", "class", "target_kind", "probability"),
            *("predicted", "has_evidence", "size", "boxes", "written"),
        ]
        assert record["has_evidence"] is True
        assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        explanation = model.explain(path)
        target = explanation.target
        assert record["status"] == "ok"
        assert (record["class"], record["label"]) == (target.index, target.label)
        assert (record["target_kind"], record["probability"]) == ("logit", target.probability)
        assert record["predicted"] == explanation.predictions[0].label
        assert record["size"] == [64, 80]
        assert record["boxes"] == [list(box) for box in explanation.boxes(0.3)]
        assert record["boxes"]
    assert found[2]["reason"].startswith("the JPEG ends early")
    assert found[6] == {
        "file": "sub/empty.png",
        "sha256": None,
        "status": "failed",
        "reason": "the file is empty, expected a picture",
    }


def test_files_hold_the_explanation_bit_for_bit(tmp_path, folder, run, model):
    assert run() == 0
    written = 0
    for record in records(tmp_path / "out"):
        if record["status"] == "failed":
            continue
        explanation = model.explain(folder / record["file"])
        paths = {name: tmp_path / "out" / path for name, path in record["written"].items()}
        written += len(paths)
        numbers = np.load(paths["npy"])
        assert numbers.dtype == np.float32
        np.testing.assert_array_equal(numbers, explanation.heatmap)
        with Image.open(paths["png16"]) as grey:
            assert grey.mode.startswith("I;16")
            assert np.asarray(grey).max() > 40000
            np.testing.assert_allclose(
                np.asarray(grey) / 65535, numbers, rtol=0, atol=0.5001 / 65535
            )
        for name, expected in {
            "overlay": explanation.overlay(),
            "input": explanation.input,
        }.items():
            with Image.open(paths[name]) as image:
                shown = np.asarray(image).astype(int)
            assert shown.shape == (64, 64, 3)
            # JPEG halves the resolution of colours: noise is blurred, and the mean stays.
            assert np.abs(shown.mean((0, 1)) - expected.mean((0, 1))).max() < 2
    files = set(tree(tmp_path / "out"))
    assert len(files) == written + 2 == 4 * 7 + 2


def test_the_split_into_batches_does_not_matter(tmp_path, run):
    assert run(output="one") == 0
    assert run("--batch-size", "1", "--workers", "1", "--threads", "1", output="two") == 0
    assert run("--batch-size", "3", "--workers", "5", output="three") == 0
    gcpp.set_num_threads(0)
    assert tree(tmp_path / "one") == tree(tmp_path / "two") == tree(tmp_path / "three")


def test_formats_class_layer_and_limit(tmp_path, folder, run, model, weight_file):
    options = ["--formats", "overlay,npy", "-l", "7", "--layer", "pool4", "--method", "gradcam"]
    assert run(*options, "--limit", "2") == 0
    found = records(tmp_path / "out")
    assert [record["file"] for record in found] == NAMES[:2]
    for record in found:
        explanation = model.explain(folder / record["file"], 7, "pool4", "gradcam")
        assert record["class"] == 7
        assert record["probability"] == explanation.target.probability
        assert record["written"] == {
            "npy": record["file"] + ".npy",
            "overlay": record["file"] + ".overlay.jpg",
        }
        found = np.load(tmp_path / "out" / record["written"]["npy"])
        np.testing.assert_array_equal(found, explanation.heatmap)
    settings = json.loads((tmp_path / "out" / "run.json").read_text())
    assert settings["formats"] == ["npy", "overlay"]
    assert (settings["target"], settings["layer"]) == (7, "pool4")
    assert settings["folder"] == os.path.realpath(folder)
    assert settings["weights_sha256"] == hashlib.sha256(weight_file.read_bytes()).hexdigest()


def test_the_whole_picture_can_be_seen(tmp_path, folder, run, weight_file):
    assert run("--crop", "squash", "--limit", "1") == 0
    (record,) = records(tmp_path / "out")
    model = gcpp.load(weight_file, crop="squash")
    explanation = model.explain(folder / record["file"])
    assert record["boxes"] == [list(box) for box in explanation.boxes(0.5)]
    numbers = np.load(tmp_path / "out" / record["written"]["npy"])
    np.testing.assert_array_equal(numbers, explanation.heatmap)


def test_output_within_the_folder_is_not_explained(tmp_path, folder, run):
    assert run(output="in/out", quiet=False) == 0
    before = tree(folder / "out")
    assert len(records(folder / "out")) == len(NAMES)
    assert run(output="in/out", quiet=False) == 0
    assert tree(folder / "out") == before


def test_linked_folders_are_followed_once_and_not_in_circles(tmp_path, folder, run):
    (folder / "link").symlink_to(folder / "sub")
    (folder / "sub" / "circle").symlink_to(folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(folder / "a.jpg", elsewhere / "far.jpg")
    (folder / "again").symlink_to(elsewhere)
    (folder / "once").symlink_to(elsewhere)
    assert run() == 0
    expected = sorted([*NAMES, "again/far.jpg"], key=lambda name: tuple(name.split("/")))
    assert [record["file"] for record in records(tmp_path / "out")] == expected


# ---- Names ---------------------------------------------------------------------------------

AWKWARD = [
    *("a.jpg", "a.png", "a.jpg.png", "a.jpg.overlay.jpg", "a.jpg.npy/a.jpg", "a.jpg.npy_/a.jpg"),
    *("a.jpg.tmp/a.jpg", "a.jpg.tmp__/a.jpg", "manifest.jsonl/a.jpg", "run.json/a.jpg"),
    *("index.html/a.jpg", "index.html_/a.jpg", "x.overlay.jpg/a.jpg", "x/overlay.jpg"),
    *("n" * 250 + ".jpg", "n" * 251 + ".jpg", "ü" * 125 + ".jpg", "f" * 255 + "/a.jpg"),
]


def test_names_never_clash():
    paths = {product_path(name, product) for name in AWKWARD for product in PRODUCTS}
    assert len(paths) == len(AWKWARD) * len(PRODUCTS)
    taken = {*paths, *(path + ".tmp" for path in paths), "manifest.jsonl", "run.json", "index.html"}
    folders = {"/".join(path.split("/")[:-1]) for path in paths} - {""}
    assert not taken & folders
    for path in paths:
        assert all(len(os.fsencode(part)) <= 255 - len(".tmp") for part in path.split("/"))


def test_plain_names_stay():
    assert product_path("x y/ü.jpg", PRODUCTS[1]) == "x y/ü.jpg.png"
    assert product_path("x.jpg_/y.png", PRODUCTS[0]) == "x.jpg__/y.png.npy"
    assert product_path("x_/y.png", PRODUCTS[0]) == "x_/y.png.npy"


def test_long_names_are_written(tmp_path, folder, run):
    name = "n" * 250 + ".png"
    (folder / "a.png").rename(folder / name)
    assert run() == 0
    (record,) = (record for record in records(tmp_path / "out") if record["file"] == name)
    assert np.load(tmp_path / "out" / record["written"]["npy"]).shape == (64, 64)
