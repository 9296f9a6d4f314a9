"""The documentation site builds without a warning, and fetches nothing when it is read."""

import re
import subprocess
import sys
from pathlib import Path

import gradcampp_swift
import pytest
from conftest import ROOT

LARGEST_PICTURE = 200_000

#: What a browser loads by itself; links that readers follow are none of it.
LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*?\bsrc=[\"']?(https?:)?//")
STYLED = re.compile(
    r"<link\b[^>]*rel=[\"']?(?:stylesheet|preconnect|preload|icon)[^>]*(https?:)?//"
)
IMPORTED = re.compile(r"(@import|url\()\s*[\"']?(https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built(site):
    pages = {page.stem for page in (ROOT / "docs").glob("*.md")}
    assert len(pages) >= 10
    assert pages <= {page.stem for page in site.glob("*.html")}


def test_nothing_is_fetched_from_elsewhere(site):
    for page in site.glob("*.html"):
        text = page.read_text("utf-8")
        assert not LOADED.search(text), page.name
        assert not STYLED.search(text), page.name
    for style in site.rglob("*.css"):
        assert not IMPORTED.search(style.read_text("utf-8")), style.name


def test_reference_has_every_public_name(site):
    text = (site / "reference.html").read_text("utf-8")
    names = set(gradcampp_swift.__all__) - {"__version__"}
    missing = {name for name in names if not re.search(rf'id="[\w.]*\b{name}"', text)}
    assert not missing


@pytest.mark.parametrize(
    "picture", sorted(ROOT.glob("docs/images/*")), ids=lambda picture: picture.name
)
def test_pictures_are_small(picture: Path):
    assert picture.stat().st_size < LARGEST_PICTURE
