"""`gradcampp evaluate`: what it writes, says and refuses."""

import csv
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics
from PIL import Image

MODULE = ("-m", "gradcampp_swift")
PROGRAM = "python -m gradcampp_swift evaluate: "


def evaluate(place, *arguments, **options):
    return place.run("evaluate", *arguments, image=None, start=MODULE, **options)


@pytest.fixture
def scenes(place):
    """Five pictures of 64x64 and one of 100x64 with bright rectangles, boxes and some masks."""
    folder = place.folder / "scenes"
    (folder / "masks").mkdir(parents=True)
    random = np.random.default_rng(20)
    lines = ["file,label,x0,y0,x1,y1"]
    model = gcpp.load(place.folder / "models" / "vgg16.npy")
    for number in range(6):
        width = 100 if number == 5 else 64
        pixels = random.integers(0, 60, (64, width, 3))
        mask = np.zeros((64, width), np.uint8)
        for instance in (1, 2):
            x, y = random.integers(20, 40, 2)
            pixels[y : y + 20, x : x + 16] = random.integers(100, 255, 3)
            mask[y : y + 20, x : x + 16] = instance
            lines.append(f"{number}.png,?,{x},{y},{x + 16},{y + 20}")
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
        predicted = model.predict(folder / f"{number}.png", 1)[0].label
        # Both instances are of the predicted class, but for picture 3: one, and 4: none.
        label = [predicted, predicted]
        other = str((int(predicted) + 1) % 10)
        label = {3: [other, predicted], 4: [other, other]}.get(number, label)
        lines[-2:] = [line.replace("?", name) for line, name in zip(lines[-2:], label, strict=True)]
        if number not in (0, 2):
            Image.fromarray(mask).save(folder / "masks" / f"{number}.png")
    (folder / "boxes.csv").write_text("\n".join(lines) + "\n")
    return folder


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


BASE = ["file", "method", "predicted", "class", "probability"]
CONFIDENCE = ["explained_probability", "drop", "increase"]
BOXES = ["loc_0", "loc_0.25", "loc_0.5", "pointing", "energy_boxes", "area_boxes"]
MASKS = ["energy_mask", "area_mask"]

# ---- Numbers -------------------------------------------------------------------------------


def test_numbers_are_those_of_the_functions(place, scenes):
    done = evaluate(
        place, "scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv",
        "--with", "randomisation,deletion,insertion", "--seed", "3",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    rows = table(place.folder / "out.csv")
    layers = [name for name in reversed(place_model(place).layers) if "pool" not in name]
    assert list(rows[0]) == [
        *BASE, "labelled", "instances", *CONFIDENCE, *BOXES, *MASKS, "best_box_iou",
        "deletion", "insertion", *(f"randomised_to_{layer}" for layer in layers),
    ]  # fmt: skip
    assert [(row["file"], row["method"]) for row in rows] == [
        (f"{number}.png", method) for number in range(6) for method in ("gradcam++", "gradcam")
    ]
    for row in rows:
        check_row(place, scenes, row, layers)


def place_model(place):
    return gcpp.load(place.folder / "models" / "vgg16.npy")


def check_row(place, scenes, row, layers):
    """Compute one row again, from the contract's functions alone."""
    model = place_model(place)
    number = int(row["file"][0])
    explanation = model.explain(scenes / row["file"], method=row["method"])
    heatmap, target = explanation.heatmap, explanation.target
    pixels = np.asarray(Image.open(scenes / row["file"]))
    pixels = pixels[:, (pixels.shape[1] - 64) // 2 :][:, :64]
    assert row["predicted"] == row["class"] == target.label
    probability = pytest.approx(target.probability, rel=1e-8)
    assert float(row["probability"]) == probability

    def score(picture):
        found = model.predict(picture, 10)
        return next(item.probability for item in found if item.index == target.index)

    explained = score(metrics.explanation_map(pixels, heatmap))
    assert float(row["explained_probability"]) == pytest.approx(explained, rel=1e-8)
    drop = metrics.drop_percent(target.probability, explained)
    assert float(row["drop"]) == pytest.approx(drop, rel=1e-6)
    assert row["increase"] == str(int(explained > target.probability))
    for name, curve in (("deletion", metrics.deletion), ("insertion", metrics.insertion)):
        assert float(row[name]) == pytest.approx(curve(pixels, heatmap, score).area, rel=1e-8)
    weights = np.load(place.folder / "models" / "vgg16.npy", allow_pickle=True).item()
    networks = dict(metrics.cascade(model, weights, seed=3))
    for layer in (layers[0], layers[5], layers[-1]):
        cam = networks[layer].explain(scenes / row["file"], target, method=row["method"]).cam
        correlation = metrics.rank_correlation(explanation.cam, cam)
        assert float(row[f"randomised_to_{layer}"]) == pytest.approx(correlation, abs=1e-8)

    lines = [line for line in table(scenes / "boxes.csv") if line["file"] == row["file"]]
    assert row["labelled"] == lines[0]["label"]
    left = (100 - 64) // 2 if number == 5 else 0
    found = [index for index, line in enumerate(lines, 1) if line["label"] == target.label]
    boxes = []
    for index in found:
        x0, y0, x1, y1 = (int(lines[index - 1][name]) for name in ("x0", "y0", "x1", "y1"))
        boxes.append((max(0, x0 - left), y0, x1 - left, y1))
    assert row["instances"] == str(len(boxes)) == {3: "1", 4: "0"}.get(number, "2")
    if not boxes:
        assert not any(row[name] for name in (*BOXES, *MASKS, "best_box_iou"))
        return
    region = np.zeros((64, 64), bool)
    for x0, y0, x1, y1 in boxes:
        region[y0:y1, x0:x1] = True
    mask = None
    if number not in (0, 2):
        mask = np.asarray(Image.open(scenes / "masks" / row["file"]))[:, left:][:, :64]
        mask = np.isin(mask, found)
    expected = {
        **{f"loc_{d:g}": metrics.localisation(heatmap, region, d) for d in (0, 0.25, 0.5)},
        "pointing": metrics.pointing_game(heatmap, region if mask is None else mask),
        "energy_boxes": metrics.energy_inside(heatmap, region),
        "area_boxes": region.mean(),
        "best_box_iou": metrics.best_box(heatmap, boxes),
    }
    if mask is None:
        assert row["energy_mask"] == row["area_mask"] == ""
    else:
        expected["energy_mask"] = metrics.energy_inside(heatmap, mask)
        expected["area_mask"] = mask.mean()
    for name, value in expected.items():
        assert float(row[name]) == pytest.approx(float(value), rel=1e-8), name


def test_labelled_class_is_explained(place, scenes):
    done = evaluate(
        place, "scenes", "--boxes", "scenes/boxes.csv", "--target", "labelled", "--csv", "out.csv"
    )
    assert done.returncode == 0
    rows = table(place.folder / "out.csv")
    assert all(row["class"] == row["labelled"] for row in rows)
    assert [row["predicted"] == row["class"] for row in rows[6:10]] == [False] * 4
    assert [row["instances"] for row in rows[::2]] == ["2", "2", "2", "1", "2", "2"]
    other = place_model(place).explain(scenes / "4.png", target=rows[8]["class"])
    assert float(rows[8]["probability"]) == pytest.approx(other.target.probability, rel=1e-8)


def test_without_boxes_only_what_needs_none(place, scenes):
    done = evaluate(place, "scenes", "--methods", "gradcam", "--csv", "out.csv", "--limit", "2")
    rows = table(place.folder / "out.csv")
    assert list(rows[0]) == [*BASE, *CONFIDENCE]
    assert [row["file"] for row in rows] == ["0.png", "1.png"]
    assert "Win" not in done.stdout
    assert "Loc" not in done.stdout


def test_summary(place, scenes):
    arguments = ("scenes", "--boxes", "scenes/boxes.csv", "--csv", "out.csv", "--seed", "5")
    done = evaluate(place, *arguments)
    rows = table(place.folder / "out.csv")
    lines = done.stdout.splitlines()
    assert lines[0] == "6 pictures; layer conv5_3; predicted class explained"
    assert lines[2].split() == [
        "mean", "[95", "%", "interval]", "gradcam++", "gradcam", "difference", "pictures",
    ]  # fmt: skip
    drops = [
        np.array([float(row["drop"]) for row in rows if row["method"] == method])
        for method in ("gradcam++", "gradcam")
    ]
    shown = [metrics.mean_interval(values, seed=5) for values in drops]
    shown.append(metrics.paired_difference(*drops, seed=5))
    cells = [f"{mean:.1f} [{low:.1f}, {high:.1f}]" for mean, low, high in shown]
    (line,) = [line for line in lines if line.startswith("Average Drop %")]
    assert line.split() == ["Average", "Drop", "%", *" ".join(cells).split(), "6"]
    (line,) = [line for line in lines if line.startswith("Loc(0.5)")]
    assert line.split()[-1] == "5"  # picture 4 has no instance of its class
    increases = [float(row["increase"]) for row in rows if row["method"] == "gradcam"]
    (line,) = [line for line in lines if line.startswith("Increase")]
    assert f" {100 * np.mean(increases):.1f} [" in line
    wins = metrics.win_percent(*drops)
    (line,) = [line for line in lines if line.startswith("gradcam++ against gradcam")]
    assert [part.split()[-1] for part in line.split(" [")[:3]] == [f"{share:.1f}" for share in wins]
    assert evaluate(place, *arguments[:3], "--seed", "5").stdout == done.stdout


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
