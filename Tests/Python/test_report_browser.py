"""The page in a browser, where there is one: what it shows, and what keys do."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from conftest import PATIENCE
from gradcampp_swift.command import main
from picture_folder import make_pictures
from PIL import Image

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

SCRIPT = """
const found = {};
const key = (name) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
const place = () => shown.indexOf(document.activeElement);
const pick = (id, value) => {
  const select = document.getElementById(id);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
};
shown[0].focus();
key("ArrowRight"); key("ArrowRight"); key("ArrowLeft");
found.right = place();
key("ArrowDown");
found.down = place();
found.columns = columns();
key("ArrowUp"); key("ArrowUp");
found.up = place();
found.reached = cards.filter((card) => card.tabIndex === 0).length;
document.activeElement.click();
found.open = viewer.open;
key("ArrowRight");
found.file = viewer.querySelector(".file").textContent;
found.images = viewer.querySelectorAll(".view img").length;
viewer.close();
pick("sort", "most");
found.most = shown.map((card) => Number(card.dataset.probability));
pick("class", shown[0].dataset.class);
found.classes = shown.map((card) => card.dataset.class);
found.visible = gallery.children.length;
found.count = document.getElementById("count").textContent;
const slider = document.querySelector(".controls input");
slider.value = 80;
slider.dispatchEvent(new Event("input", { bubbles: true }));
found.opacity = getComputedStyle(document.querySelector(".map")).opacity;
found.overflow = document.documentElement.scrollWidth - innerWidth;
found.background = getComputedStyle(document.body).backgroundColor;
viewer.dispatchEvent(new Event("close")); // that of close() comes after this script
found.focus = document.activeElement.className;
document.body.replaceChildren(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory, weight_file):
    folder = tmp_path_factory.mktemp("browser")
    make_pictures(folder / "in", [f"{number:02}.png" for number in range(30)])
    make_pictures(folder / "in", ["bad.jpg"])
    arguments = ["run", str(folder / "in"), "-o", str(folder / "out"), "--quiet"]
    assert main([*arguments, "--weights", str(weight_file)]) == 0
    assert main(["report", str(folder / "out"), "--quiet"]) == 0
    return folder / "out"


def browse(tmp_path, page, *options):
    """Open a page; return what the browser printed, without any message of the page's console."""
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr"),
            *("--virtual-time-budget=3000", "--no-first-run", *options, page.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not said
    return done.stdout


@pytest.mark.parametrize("size", ["390,844", "1280,900"])
def test_a_screenshot_shows_maps_in_colour(tmp_path, output, size):
    browse(
        tmp_path,
        output / "index.html",
        f"--window-size={size}",
        f"--screenshot={tmp_path / 'shot.png'}",
    )
    with Image.open(tmp_path / "shot.png") as image:
        assert image.size == tuple(map(int, size.split(",")))
        pixels = np.asarray(image.convert("RGB")).astype(int)
    colored = np.ptp(pixels, axis=2) > 60
    assert 0.1 < colored.mean() < 0.9


@pytest.mark.parametrize("size", ["500,844", "1280,900"])
def test_keys_filters_and_slider(tmp_path, output, size):
    text = (output / "index.html").read_text("utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    path = tmp_path / "page.html"
    path.write_text(text + f"<script>{SCRIPT}</script>", "utf-8")
    shown = browse(tmp_path, path, f"--window-size={size}", "--dump-dom")
    found = json.loads(re.search(r"<body>(.*?)</body>", shown, re.DOTALL)[1])
    assert found["right"] == 1
    assert found["columns"] > 1
    assert found["down"] == 1 + found["columns"]
    assert found["up"] == 1  # there is nothing further up
    assert found["reached"] == 1
    assert found["open"]
    assert found["file"] == "02.png"
    assert found["images"] == 2
    assert found["focus"] == "card"
    assert found["most"] == sorted(found["most"], reverse=True)
    assert len(found["most"]) == 30
    assert len(set(found["classes"])) == 1
    assert found["visible"] == len(found["classes"])
    assert found["count"].startswith(str(found["visible"]))
    assert found["opacity"] == "0.8"
    assert found["overflow"] <= 0


def test_dark_where_that_is_wanted(tmp_path, output):
    dark = tmp_path / "dark.png"
    browse(
        tmp_path,
        output / "index.html",
        *("--window-size=600,400", f"--screenshot={dark}", "--force-dark-mode"),
        "--blink-settings=preferredColorScheme=0",
    )
    with Image.open(dark) as image:
        corner = image.convert("RGB").getpixel((2, 2))
    assert corner == (0x12, 0x14, 0x17)
