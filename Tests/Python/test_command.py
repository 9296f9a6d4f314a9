"""The command: arguments, output and exit codes where all is well, and wrong usage."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import gradcampp_swift as gcpp
import numpy as np
import pytest
from PIL import Image
from working_place import CLASSIFY


def test_predicted_class(place, photo_file):
    done = place.run()
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    predictions = gcpp.load(place.folder / "models/vgg16.npy").predict(photo_file)
    said = [f"{prediction.label} {prediction.probability:.6g}" for prediction in predictions]
    assert lines == [
        f"Top1: {said[0]}",
        f"Top5: {'; '.join(said)}",
        f"Predicted_class: {predictions[0].index}",
        "Saved: output/output.jpeg",
    ]
    with Image.open(place.folder / "output" / "output.jpeg") as page:
        assert (page.format, page.size) == ("JPEG", (3840, 2880))
    assert place.files() == {"output/output.jpeg"}


def test_given_class(place, photo_file):
    done = place.run("-l", "3")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["Top1:", "Top5:", "Class:", "Saved:"]
    found = gcpp.load(place.folder / "models/vgg16.npy").predict(photo_file, top=10)
    target = next(prediction for prediction in found if prediction.index == 3)
    assert lines[2] == f"Class: 3 3 {target.probability:.6g}"


@pytest.mark.parametrize(
    "start", [("-m", "gradcampp_swift"), (shutil.which("gradcampp") or "missing",)]
)
def test_other_doors(place, start):
    if start == ("missing",):
        pytest.skip("the command gradcampp is not on the PATH")
    done = place.run("-o", "same.png", "--layout", "overlay", start=start)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == place.run("-o", "same.png", "--layout", "overlay").stdout


@pytest.mark.parametrize("layout", ["figure", "overlay", "heatmap", "guided", "panels"])
def test_layouts(place, photo_file, layout):
    done = place.run("--layout", layout, "-o", "a/b/picture.png", "-l", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("\nSaved: output/a/b/picture.png\n")
    explanation = gcpp.load(place.folder / "models/vgg16.npy").explain(photo_file, 2, guided=True)
    expected = {
        "figure": explanation.figure,
        "overlay": explanation.overlay,
        "heatmap": explanation.heatmap_rgb,
        "guided": lambda: explanation.guided_panel,
        "panels": explanation.panels,
    }[layout]()
    with Image.open(place.folder / "output/a/b/picture.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), expected)


def test_heat_map_as_numbers(place, photo_file):
    assert place.run("-o", "map.npy").returncode == 0
    model = gcpp.load(place.folder / "models/vgg16.npy")
    np.testing.assert_array_equal(
        np.load(place.folder / "output/map.npy"), model.explain(photo_file).heatmap
    )


def test_absolute_path_is_taken_as_it_is(place, tmp_path_factory):
    target = tmp_path_factory.mktemp("elsewhere") / "with space.JPG"
    done = place.run("-o", str(target), "--layout", "overlay")
    assert done.stdout.endswith(f"Saved: {target}\n")
    assert Image.open(target).format == "JPEG"
    assert place.files() == set()


def test_json(place):
    done = place.run("--json", "-l", "4", "--threads", "1", "--layout", "heatmap")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    weights = (place.folder / "models/vgg16.npy").resolve()
    assert found["version"] == gcpp.__version__
    assert found["weights"] == str(weights)
    assert found["weights_sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert (found["method"], found["layer"]) == ("gradcam++", "conv5_3")
    assert found["target"]["index"] == 4
    assert set(found["target"]) == {"index", "label", "names", "probability", "logit"}
    assert len(found["top5"]) == 5
    assert found["output"] == "output/output.jpeg"


def test_quiet_and_version(place):
    done = place.run("--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = place.run("--quiet", "--json")
    assert json.loads(done.stdout)["output"] == "output/output.jpeg"
    done = place.run("--version", image=None)
    assert done.stdout == f"classify.py {gcpp.__version__}\n"


@pytest.mark.parametrize("further", [[], ["--quiet"], ["--json"]])
def test_gpu_falls_back_to_the_cpu(place, further):
    done = place.run("-gpu", "3", "--layout", "overlay", *further)
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "no GPU support" in done.stderr
    assert "using the CPU" in done.stderr


def test_labels_and_label_names(place):
    (place.folder / "names.txt").write_text("\n".join(f"thing {i}, N{i}" for i in range(10)))
    done = place.run("--labels", "names.txt", "-l", "n7", "--json")
    assert json.loads(done.stdout)["target"]["label"] == "thing 7, N7"
    (place.folder / "names.txt").rename(place.folder / "synset.txt")
    assert "thing " in place.run("-l", "THING 3").stdout


def test_weights_from_the_environment(place, tmp_path_factory, weight_file):
    (place.folder / "models/vgg16.npy").unlink()
    assert place.run(environment={"GRADCAMPP_WEIGHTS": str(weight_file)}).returncode == 0
    assert place.run("--weights", str(weight_file)).returncode == 0


def test_preprocessing(place):
    model = gcpp.load(place.folder / "models/vgg16.npy", preprocessing="unit")
    logit = model.predict(place.folder / "photo.png", top=1)[0].logit
    done = place.run("--preprocessing", "unit", "--json")
    assert json.loads(done.stdout)["target"]["logit"] == pytest.approx(logit)
    failed = place.run("--preprocessing", "none")
    assert failed.returncode == 1
    assert "expected one of caffe, torchvision, tensorflow, unit" in failed.stderr


def test_crop(place):
    logits = []
    for crop in ("center", "squash", "pad"):
        model = gcpp.load(place.folder / "models/vgg16.npy", crop=crop)
        logits.append(model.predict(place.folder / "photo.png", top=1)[0].logit)
        target = json.loads(place.run("--crop", crop, "--json").stdout)["target"]
        assert target["logit"] == pytest.approx(logits[-1])
    assert len(set(logits)) == 3
    assert place.run("--crop", "none").returncode == 2


def test_layer_and_method(place):
    done = place.run("--layer", "pool4", "--method", "gradcam++", "--json")
    assert json.loads(done.stdout)["layer"] == "pool4"


def test_odd_file_names(place):
    name = b"no\xfftf-8 \xc3\xa9.png"
    shutil.copy(place.folder / "photo.png", os.path.join(os.fsencode(place.folder), name))
    for environment in ({}, {"PYTHONIOENCODING": "ascii"}):
        done = place.run("-o", "é.png", "--layout", "overlay", image=name, environment=environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert (place.folder / "output" / "é.png").is_file()
    raw = place.run("-o", os.fsdecode(name), "--layout", "overlay", text=False)
    assert raw.stdout.endswith(b"Saved: output/" + name + b"\n")


def test_one_by_one_picture(place):
    Image.new("RGB", (1, 1), "red").save(place.folder / "one.png")
    assert place.run(image="one.png").returncode == 0


# ---- Wrong usage ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-f"],
        ["-f", "photo.png", "--layout", "page"],
        ["-f", "photo.png", "--threads", "0"],
        ["-f", "photo.png", "--threads", "two"],
        ["-f", "photo.png", "--threads", "٣"],
        ["-f", "photo.png", "--threads", "9" * 5000],
        ["-f", "photo.png", "-gpu", "abc"],
        ["-f", "photo.png", "-gpu", "-1"],
        ["-f", "photo.png", "-gpu", "1.5"],
        ["-f", "photo.png", "--no-such-option"],
        ["-f", "photo.png", "another.png"],
    ],
)
def test_wrong_usage_exits_with_2(place, arguments):
    done = place.run(*arguments, image=None)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: classify.py")


def test_help_lists_what_can_be_named(place):
    done = place.run("-h", image=None)
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    # Without spaces: long names are broken behind a hyphen.
    assert all(name in "".join(done.stdout.split()) for name in gcpp.methods())
    for say in (
        "`gradcampp methods` describes",
        "conv5_3",
        "pool5",
        "conv5_3/linear",
        "GRADCAMPP_NUM_THREADS",
        "JSON is still",
    ):
        assert say in text
    assert "folder of an absolute path must exist" in text


def test_other_import_errors_are_not_blamed_on_installation(tmp_path):
    shutil.copy(CLASSIFY, tmp_path)
    package = tmp_path / "gradcampp_swift"
    package.mkdir()
    for source, says in (
        ("import no_such_module_anywhere", "no_such_module_anywhere"),
        ("raise ImportError('libgradcampp.so is of another version')", "another version"),
    ):
        (package / "__init__.py").write_text(source)
        command = [sys.executable, "classify.py", "-f", "x"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert says in done.stderr
        assert "pip install" not in done.stderr


def test_not_installed_is_one_line(tmp_path):
    shutil.copy(CLASSIFY, tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "classify.py", "-f", "x"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "pip install ." in done.stderr
    assert ".venv/bin/python" in done.stderr
