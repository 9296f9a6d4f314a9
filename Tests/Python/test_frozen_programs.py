"""Programs that pack Python programs find what they need."""

from importlib.metadata import entry_points
from pathlib import Path

import gradcampp_swift


def test_pyinstaller_finds_the_hook():
    (point,) = (
        each
        for each in entry_points(group="pyinstaller40")
        if each.value.startswith("gradcampp_swift.")
    )
    assert point.name == "hook-dirs"
    (folder,) = point.load()()
    assert Path(folder).parent == Path(gradcampp_swift.__file__).parent
    assert (Path(folder) / "hook-gradcampp_swift.py").is_file()
