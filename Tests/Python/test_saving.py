"""Saving: formats, permissions, links."""

import os
import re

import numpy as np
import pytest
from PIL import Image


def test_saving_follows_umask_and_links(model, photo, tmp_path):
    explanation = model.explain(photo)
    target = tmp_path / "target.png"
    link = tmp_path / "link.png"
    link.symlink_to(target)
    before = os.umask(0o027)
    try:
        explanation.save(link)
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "fifo.png")
    for name in ("folder.png", "fifo.png"):
        with pytest.raises(OSError, match="not a regular file"):
            explanation.save(tmp_path / name)


@pytest.mark.parametrize("suffix", ["jpg", "JPEG", "png", "bmp", "tiff", "webp", "gif", "ppm"])
def test_formats(model, photo, tmp_path, suffix):
    explanation = model.explain(photo)
    path = tmp_path / f"picture.{suffix}"
    explanation.save(path, "heatmap")
    with Image.open(path) as picture:
        found = np.asarray(picture.convert("RGB")).astype(int)
    lossless = re.fullmatch("png|bmp|tiff|ppm", suffix)
    assert np.abs(found - explanation.heatmap_rgb()).mean() <= (0 if lossless else 12)
