"""What an explanation shows in a notebook: the page's structure, its pictures, its numbers."""

import base64
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import PATIENCE
from gradcampp_swift.explanations.notebook.page import percent
from PIL import Image

HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(2)',
    "</style></div>",
    "a & b",
    "'; this.value='x",
    "f",
    "&lt;g&gt;",
    "<img src=http://example.com/x.png>",
    "i",
    "\u202ej",
]
VOID = {"img", "input"}


class Parsed(HTMLParser):
    """Elements with their attributes, texts, and whether every element is closed in its turn."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def hostile(weights):
    return gcpp.load(weights, labels=HOSTILE)


def pictures(parsed):
    found = []
    for image in parsed.all("img"):
        kind, _, data = image["src"].partition(",")
        assert kind == "data:image/jpeg;base64"
        found.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))).astype(int))
    return found


def test_pictures(model, photo):
    explanation = model.explain(photo)
    parsed = Parsed(explanation._repr_html_())
    found = pictures(parsed)
    expected = [explanation.input, explanation.heatmap_rgb()]
    for mine, true in zip(found, [*expected, *expected], strict=True):
        assert mine.shape == true.shape
        assert np.abs(mine - true).mean() < 8  # JPEG
    assert [image["alt"] for image in parsed.all("img")][2:] == ["what the network saw", ""]
    slider = parsed.all("input")[0]
    assert (slider["type"], slider["value"]) == ("range", "0.3")
    assert parsed.all("img")[3]["style"] == "opacity:0.3"


def test_classes_and_bars(model, photo):
    explanation = model.explain(photo)
    parsed = Parsed(explanation._repr_html_())
    labels = [each["title"] for each in parsed.all("bdi")]
    assert labels == [each.label for each in explanation.predictions]
    widths = [float(re.fullmatch(r"width:(.+)%", each["style"])[1]) for each in parsed.all("i")]
    expected = [100 * each.probability for each in explanation.predictions]
    assert widths == pytest.approx(expected, abs=0.005)
    for each in explanation.predictions:
        assert percent(each.probability) in parsed.texts
    marked = [each for each in parsed.all("div") if "gradcampp-explained" in each["class"]]
    assert len(marked) == 1
    note = f"explained: {explanation.target.label}, by gradcam++ at layer conv5_3; "
    assert note + "64 x 64 pixels seen of a picture of 90 x 120" in parsed.texts


def test_a_target_that_is_not_among_the_best_comes_last(model, photo):
    best = [each.index for each in model.predict(photo)]
    other = next(index for index in range(10) if index not in best)
    parsed = Parsed(model.explain(photo, target=other)._repr_html_())
    rows = [
        each["class"] for each in parsed.all("div") if "gradcampp-class " in each["class"] + " "
    ]
    assert ["gradcampp-explained" in each for each in rows] == [False] * 5 + [True]


@pytest.mark.parametrize("target", range(10))
def test_labels_are_text(hostile, photo, target):
    parsed = Parsed(hostile.explain(photo, target=target)._repr_html_())
    tags = {tag for tag, _ in parsed.elements}
    assert tags == {
        *("div", "style", "figure", "figcaption", "img", "label", "span", "input", "output"),
        *("bdi", "i"),
    }
    assert len(parsed.all("img")) == 4
    assert len(parsed.all("style")) == 1
    handlers = {name for _, given in parsed.elements for name in given if name.startswith("on")}
    assert handlers == {"oninput"}
    assert HOSTILE[target] in parsed.texts
    assert f"where the evidence for {HOSTILE[target]} lies" in [
        each["alt"] for each in parsed.all("img")
    ]


def test_nothing_is_fetched_and_nothing_has_an_id(model, photo):
    parsed = Parsed(model.explain(photo)._repr_html_())
    names = {name for _, given in parsed.elements for name in given}
    assert not names & {"href", "id", "srcset", "for"}
    text = "".join(parsed.texts)
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_is_the_same_every_time(model, photo):
    assert model.explain(photo)._repr_html_() == model.explain(photo)._repr_html_()


def test_without_the_pictures_size(model, photo):
    make, (parts, *rest) = model.explain(photo).__reduce__()
    other = make({**parts, "area": None}, *rest)
    assert Parsed(other._repr_html_()).texts[-1].endswith("; 64 x 64 pixels seen")


def test_png(model, photo):
    explanation = model.explain(photo)
    picture = np.asarray(Image.open(io.BytesIO(explanation._repr_png_())))
    expected = [explanation.input, explanation.heatmap_rgb(), explanation.overlay()]
    np.testing.assert_array_equal(picture, np.concatenate(expected, axis=1))


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "0 %"),
        (1e-9, "< 0.1 %"),
        (0.00149, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9989, "99.9 %"),
        (0.99999, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_percent(probability, text):
    assert percent(probability) == text


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
MOVE = """
<script>
const sliders = document.querySelectorAll('input');
sliders[1].value = '0.75';
sliders[1].dispatchEvent(new Event('input'));
const over = [...document.querySelectorAll('img+img')].map(each => each.style.opacity);
const said = [...document.querySelectorAll('output')].map(each => each.textContent);
const sizes = [...document.querySelectorAll('img')].map(each => each.naturalWidth);
const wide = document.documentElement.scrollWidth > window.innerWidth;
document.title = [over, said, sizes, wide].join(' ');
</script>
"""


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
@pytest.mark.parametrize("width", [400, 900])
def test_the_slider_moves_its_own_overlay(hostile, photo, tmp_path, width):
    """In a browser, with the same explanation in two cells."""
    html = hostile.explain(photo, target=0)._repr_html_()
    path = tmp_path / "page.html"
    start = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    path.write_text(f"{start}<title></title>{html}{html}{MOVE}", encoding="utf-8")
    command = [
        *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
        *(f"--window-size={width},800", f"--user-data-dir={tmp_path / 'profile'}", path.as_uri()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None, done.stderr
    sizes = ",".join(["64"] * 8)
    assert title[1] == f"0.3,0.75 0.30,0.75 {sizes} false"
