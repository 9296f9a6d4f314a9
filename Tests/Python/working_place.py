"""A working directory in which the command runs."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import PATIENCE, ROOT

CLASSIFY = ROOT / "classify.py"


class Place:
    """A working directory with the small network as models/vgg16.npy and a photo."""

    def __init__(self, folder, weight_file, photo_file):
        self.folder = folder
        (folder / "models").mkdir()
        shutil.copy(weight_file, folder / "models" / "vgg16.npy")
        shutil.copy(photo_file, folder / "photo.png")

    def run(
        self,
        *arguments,
        image="photo.png",
        environment=None,
        start=(CLASSIFY,),
        wrapper=(),
        text=True,
        **options,
    ):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("GRADCAMPP_")}
        return subprocess.run(
            [*wrapper, sys.executable, *start, *(["-f", image] if image else []), *arguments],
            cwd=self.folder,
            env={**variables, **(environment or {})},
            capture_output=True,
            text=text,
            timeout=PATIENCE,
            **options,
        )

    def files(self):
        """Every file but those the place began with, and every folder without a file."""
        found = {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if not path.is_dir() or not any(path.iterdir())
        }
        return found - {"models/vgg16.npy", "photo.png"}


def unprivileged():
    """What to put before a command so that permissions hold for it, also for root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write everywhere, and there is no setpriv")
    return setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"


def assert_fails(done, *says):
    """One line on standard error, nothing on standard output, exit 1."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("classify.py: ")
    for text in says:
        assert text in done.stderr
