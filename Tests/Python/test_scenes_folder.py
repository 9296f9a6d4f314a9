"""Scenes as files."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scenes import LABELS, scene

TOOLS = Path(__file__).parents[2] / "tools"


def test_files_hold_the_scenes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scenes", "write", str(tmp_path / "new" / "scenes")]
    command += ["--seed", "8", "--first", "3", "--count", "2", "--split", "pair"]
    subprocess.run(command, cwd=TOOLS, check=True)
    folder = tmp_path / "new" / "scenes"
    with (folder / "boxes.csv").open(encoding="utf-8", newline="") as file:
        assert file.readline() == "file,label,x0,y0,x1,y1\n"
        file.seek(0)
        lines = list(csv.DictReader(file))
    files = sorted(path.name for path in folder.glob("*.png"))
    assert sorted({line["file"] for line in lines}) == files
    assert files == sorted(path.name for path in (folder / "masks").iterdir())
    for file, made in zip(files, [scene(8, 3, "pair"), scene(8, 4, "pair")], strict=True):
        assert np.array_equal(np.asarray(Image.open(folder / file)), made.image)
        mask = np.asarray(Image.open(folder / "masks" / file))
        assert mask.dtype == np.uint8
        mine = [line for line in lines if line["file"] == file]
        assert mask.max() == len(mine) == len(made.instances)
        for number, (line, instance) in enumerate(zip(mine, made.instances, strict=True), 1):
            assert np.array_equal(mask == number, instance.mask)
            assert line["label"] == LABELS[instance.label]
            box = tuple(int(line[name]) for name in ("x0", "y0", "x1", "y1"))
            assert box == instance.box
