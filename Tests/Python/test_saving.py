"""Saving: formats, permissions, links."""

import os
import pickle
import re
import subprocess
import sys

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.pictures import saving
from PIL import Image
from working_place import unprivileged


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


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o640])
@pytest.mark.parametrize("name", ["picture.png", "picture.jpeg", "picture.npy"])
def test_a_replaced_file_leaves_its_permissions(model, photo, tmp_path, name, mode):
    path = tmp_path / name
    path.write_bytes(b"old")
    path.chmod(mode)
    model.explain(photo).save(path)
    assert path.stat().st_size > 3
    assert path.stat().st_mode & 0o777 == mode


def test_a_file_without_write_permission_is_not_replaced(model, photo, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    path.chmod(0o444)
    (tmp_path / "explanation.pickle").write_bytes(pickle.dumps(model.explain(photo)))
    code = (
        "import errno, pickle\n"
        "explanation = pickle.load(open('explanation.pickle', 'rb'))\n"
        "try: explanation.save('picture.png')\n"
        "except PermissionError: print('the built-in')\n"
        "except OSError as error: print(error.errno == errno.EACCES, error)"
    )
    done = subprocess.run(
        [*unprivileged(), sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("True picture.png: cannot be written: no permission")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("suffix", ["palm", "xbm", "msp", "h5", "blp", "pgm", "ico", "wmf"])
def test_formats_that_cannot_hold_the_picture_are_refused_early(model, photo, tmp_path, suffix):
    path = tmp_path / f"picture.{suffix}"
    with pytest.raises(gcpp.InvalidArgumentError, match=f"ends with .{suffix}"):
        model.explain(photo).save(path)
    assert list(tmp_path.iterdir()) == []


def test_every_format_that_is_offered_can_be_written(model, photo, tmp_path):
    explanation = model.explain(photo)
    for suffix in saving._PILLOW_FORMATS:
        if not saving._is_written_by_pillow(suffix):
            continue
        path = tmp_path / f"picture{suffix}"
        explanation.save(path)
        assert path.stat().st_size > 100


@pytest.mark.parametrize("suffix", ["jpg", "JPEG", "png", "bmp", "tiff", "webp", "gif", "ppm"])
def test_formats(model, photo, tmp_path, suffix):
    explanation = model.explain(photo)
    path = tmp_path / f"picture.{suffix}"
    explanation.save(path, "heatmap")
    with Image.open(path) as picture:
        found = np.asarray(picture.convert("RGB")).astype(int)
    lossless = re.fullmatch("png|bmp|tiff|ppm", suffix)
    assert np.abs(found - explanation.heatmap_rgb()).mean() <= (0 if lossless else 12)
