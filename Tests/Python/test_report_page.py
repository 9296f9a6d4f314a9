"""`gradcampp report`: the page, as its elements say."""

import base64
import hashlib
import io
import json
import re

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.command import main
from gradcampp_swift.command.report.layers import Layers
from gradcampp_swift.command.report.page import _card
from page_elements import Page
from picture_folder import make_pictures, records
from PIL import Image

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;b&gt;",
    "{title} {0} %s",
    "javascript:alert(1)",
    "\u202egnp.exe\x1b[31m",
    "]]><!--",
    "</dialog></main>",
]
"""Labels, and with .png names of files where a file can be named so."""


@pytest.fixture(scope="module")
def output(tmp_path_factory, weight_file):
    """A run of hostile names and labels, twelve pictures and two broken ones."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "labels.txt").write_text(
        "\n".join(label.replace("\x1b", "") for label in HOSTILE) + "\n", encoding="utf-8"
    )
    names = [f"{name}.png" for name in HOSTILE if "/" not in name]
    make_pictures(folder / "in", [*names, "bad.jpg", "sub/empty.png", "sub/<i>.jpg", "\udcff.jpg"])
    arguments = ["run", str(folder / "in"), "-o", str(folder / "out"), "--quiet"]
    arguments += ["--weights", str(weight_file), "--labels", str(folder / "labels.txt")]
    assert main(arguments) == 0
    return folder / "out"


def report(output, *arguments):
    assert main(["report", str(output), *arguments]) == 0
    return (output / "index.html").read_text("utf-8")


def decoded(address):
    kind, data = address.split(",", 1)
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        return np.asarray(image.convert("RGB"))


def test_each_picture_has_a_card(output, capsys):
    page = Page(report(output))
    path = output / "index.html"
    size = path.stat().st_size / 1e6
    explained = [record for record in records(output) if record["status"] == "ok"]
    assert capsys.readouterr().out == f"{path}: {len(explained)} pictures, {size:.1f} MB\n"
    cards = page.all("button", "card")
    assert len(cards) == len(explained) == 10
    for (attributes, text), record in zip(cards, explained, strict=True):
        assert int(attributes["data-class"]) == record["class"]
        assert float(attributes["data-probability"]) == record["probability"]
        x0, y0, x1, y1 = record["boxes"][0]
        assert attributes["data-boxes"].startswith(f"{x0}, {y0} to {x1}, {y1}")
        assert f"{100 * record['probability']:.1f} %" in text
    labels = [text for _, text in page.all("bdi", "label")]
    assert labels == [record["label"] for record in explained]
    files = [text for _, text in page.all("bdi", "file")]
    # What would steer a terminal is escaped, what is no character replaced.
    assert files == [
        record["file"].replace("\x1b", "\\x1b").replace("\udcff", "\ufffd") for record in explained
    ]
    assert "\u202egnp.exe\\x1b[31m.png" in files


def test_pictures_are_what_the_network_saw_and_its_map(output, model):
    page = Page(report(output))
    photos, maps = page.all("img", "photo"), page.all("img", "map")
    explained = [record for record in records(output) if record["status"] == "ok"]
    assert len(photos) == len(maps) == len(explained)
    for (photo, _), (layer, _), record in zip(photos, maps, explained, strict=True):
        assert photo["loading"] == layer["loading"] == "lazy"
        assert record["label"] in photo["alt"]
        assert layer["alt"] == ""
        found = decoded(photo["src"])
        assert found.shape == (int(photo["height"]), int(photo["width"]), 3) == (64, 64, 3)
        with Image.open(output / record["written"]["input"]) as seen:
            # Noise suffers in JPEG; two different pictures of it differ by 80 on average.
            assert np.abs(found.astype(int) - np.asarray(seen)).mean() < 16
        expected = model.explain(output.parent / "in" / record["file"]).heatmap_rgb()
        assert np.abs(decoded(layer["src"]).astype(int) - expected).mean() < 12


def test_failed_ones_are_listed(output):
    page = Page(report(output))
    assert [text for _, text in page.all("dt")] == ["bad.jpg", "sub/empty.png"]
    reasons = [record["reason"] for record in records(output) if record["status"] == "failed"]
    assert [text for _, text in page.all("dd")] == reasons
    assert ({"href": "#failed"}, "2 set aside") in page.all("a")


def test_classes_can_be_chosen(output):
    page = Page(report(output))
    options = page.all("option")
    found = [record for record in records(output) if record["status"] == "ok"]
    counts = {}
    for record in found:
        counts[record["class"]] = counts.get(record["class"], 0) + 1
    classes = {
        int(attributes["value"]): text
        for attributes, text in options
        if attributes["value"].isdigit()
    }
    assert classes == {
        index: f"{HOSTILE[index].replace(chr(27), '')} ({count})" for index, count in counts.items()
    }
    assert options[0] == ({"value": ""}, "all (10)")


def test_nothing_runs_or_loads_but_what_is_in_the_page(output):
    text = report(output)
    page = Page(text)
    (style,), (script,) = page.all("style"), page.all("script")
    policies = [a["content"] for a, _ in page.all("meta") if "http-equiv" in a]
    assert len(policies) == 1
    for kind, (_, content) in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policies[0]
    assert "default-src 'none'" in policies[0]
    for _, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("src", "data:image/").startswith("data:image/")
        assert attributes.get("href", "#failed") == "#failed"
    assert not re.search(r"https?:|@import|url\(|fetch|XMLHttp|import\(", text)
    assert {tag for tag, _, _ in page.elements}.isdisjoint({"link", "iframe", "object", "base"})


def test_the_same_run_gives_the_same_bytes(output):
    assert report(output) == report(output)


def test_limit_and_size(output):
    page = Page(report(output, "--limit", "4", "--size", "32", "--quiet"))
    cards = page.all("button", "card")
    explained = [record for record in records(output) if record["status"] == "ok"]
    expected = [explained[place]["probability"] for place in (0, 2, 5, 7)]
    assert [float(attributes["data-probability"]) for attributes, _ in cards] == expected
    assert all(decoded(a["src"]).shape == (32, 32, 3) for a, _ in page.all("img", "photo"))
    assert any("shows 4 of them, evenly spread" in text for _, text in page.all("p"))


@pytest.mark.parametrize(
    ("formats", "photo", "layer"),
    [("png16,input", True, True), ("overlay", True, False), ("npy", False, False),
     ("npy,overlay", True, False), ("input", True, False)],
)  # fmt: skip
def test_runs_of_some_formats(output, tmp_path, weight_file, formats, photo, layer):
    arguments = ["run", str(output.parent / "in"), "-o", str(tmp_path), "--formats", formats]
    assert main([*arguments, "--weights", str(weight_file), "--quiet", "--limit", "3"]) == 0
    page = Page(report(tmp_path, "--quiet"))
    assert len(page.all("button", "card")) == 3
    assert len(page.all("img", "photo")) == 3 * photo
    assert len(page.all("img", "map")) == 3 * layer
    assert len(page.all("span", "missing")) == 3 * (not photo)


def test_files_that_went_away(output, tmp_path, weight_file):
    arguments = ["run", str(output.parent / "in"), "-o", str(tmp_path), "--limit", "3", "--quiet"]
    assert main([*arguments, "--weights", str(weight_file)]) == 0
    first, second, third = records(tmp_path)
    (tmp_path / first["written"]["input"]).unlink()  # the overlay serves
    (tmp_path / second["written"]["npy"]).write_bytes(b"no numbers")
    for path in third["written"].values():
        (tmp_path / path).unlink()
    page = Page(report(tmp_path, "--quiet"))
    assert len(page.all("img", "photo")) == 2
    assert len(page.all("img", "map")) == 0
    assert len(page.all("span", "missing")) == 1


def test_a_run_that_goes_on(output, tmp_path, weight_file):
    arguments = ["run", str(output.parent / "in"), "-o", str(tmp_path), "--limit", "3", "--quiet"]
    assert main([*arguments, "--weights", str(weight_file)]) == 0
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    assert len(Page(report(tmp_path, "--quiet")).all("button", "card")) == 2


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda out: out.rmdir(), "there is no file at"),
        (lambda out: None, "there is no file at"),
        (lambda out: (out / "manifest.jsonl").write_text(""), "the run has no pictures yet"),
        (
            lambda out: (out / "manifest.jsonl").write_text("x\n"),
            "line 1 is not what gradcampp run",
        ),
        (
            lambda out: (out / "manifest.jsonl").write_text(
                json.dumps({"file": "a", "sha256": None, "status": "failed", "reason": "b"}) + "\n"
            ),
            "run.json",
        ),
    ],
)
def test_refused_in_one_line(tmp_path, capsys, prepare, says):
    (tmp_path / "out").mkdir()
    prepare(tmp_path / "out")
    assert main(["report", str(tmp_path / "out")]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert says in shown.err
    assert not (tmp_path / "out" / "index.html").exists()


def test_percentages_do_not_claim_certainty():
    record = {"file": "a.png", "label": "a", "class": 0}
    for probability, text in {
        1.0: "100 %",
        0.99951: "&gt; 99.9 %",
        0.9988: "99.9 %",
        0.0004: "&lt; 0.1 %",
        0.0: "0 %",
        0.12345: "12.3 %",
    }.items():
        card = _card({**record, "probability": probability}, Layers("", "", 1, 1), 0)
        assert f'<span class="percent">{text}</span>' in card


def test_the_version_is_of_this_package(output):
    assert json.loads((output / "run.json").read_text())["version"] == gcpp.__version__
