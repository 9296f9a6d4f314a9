"""Importing the package does nothing but import it."""

import json
import subprocess
import sys
from pathlib import Path

import gradcampp_swift
import pytest

PACKAGE = Path(gradcampp_swift.__file__).parent

#: NumPy comes first: what that does is not ours.
PROGRAM = """
import json, logging, os, signal, sys, threading, warnings
import numpy

def state():
    return {
        "threads": len(os.listdir("/proc/self/task")),
        "environment": sorted(os.environ.items()),
        "folder": os.getcwd(),
        "signals": [str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM)],
        "handlers": len(logging.getLogger().handlers),
        "filters": len(warnings.filters),
    }

opened = []
is_watching = False

def watch(event, arguments):
    if is_watching and event == "open" and isinstance(arguments[0], str):
        opened.append(os.path.abspath(arguments[0]))

sys.addaudithook(watch)
modules = set(sys.modules)
before = state()
is_watching = True
import gradcampp_swift
is_watching = False
after = state()
print(json.dumps([before, after, opened, sorted(set(sys.modules) - modules)]))
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """State before and after, files opened, modules imported."""
    folder = tmp_path_factory.mktemp("import")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(folder.iterdir())
    return json.loads(done.stdout)


def test_only_code_is_read(imported):
    opened = {Path(path) for path in imported[2]}
    assert opened
    assert all(path.suffix in (".py", ".pyc") for path in opened)


def test_process_is_left_as_it_was(imported):
    """No thread started, no signal handler, environment variable or log handler set."""
    before, after = imported[:2]
    assert after == before


def test_nothing_heavy_is_imported(imported):
    roots = {name.partition(".")[0] for name in imported[3]}
    assert "gradcampp_swift" in roots
    heavy = {"PIL", "tqdm", "matplotlib", "IPython", "argparse", "multiprocessing"}
    assert not roots & heavy


#: Modules that the command with one picture has no use for; each costs it half a millisecond.
UNUSED = (
    "dataclasses",
    "gradcampp_swift.explanations.contact_sheet",
    "gradcampp_swift.explanations.notebook",
    "gradcampp_swift.explanations.stream",
    "gradcampp_swift.metrics",
    "gradcampp_swift.pictures.folders",
    "gradcampp_swift.weights.framework_files",
)


def test_the_command_imports_what_it_uses(tmp_path):
    program = """
import sys, numpy
before = set(sys.modules)
from gradcampp_swift.command import main
assert main(["-f", sys.argv[1], "-o", sys.argv[2], "--quiet"]) == 0
print(*set(sys.modules) - before)
"""
    picture = gradcampp_swift.samples()[0]
    output = str(tmp_path / "out.jpeg")
    done = subprocess.run(
        [sys.executable, "-c", program, picture, output], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = set(done.stdout.split())
    assert "gradcampp_swift.model" in found
    assert found.isdisjoint(UNUSED)


def test_what_is_imported_later_is_there():
    assert set(gradcampp_swift.__all__) <= set(dir(gradcampp_swift))
    for name in gradcampp_swift.__all__:
        assert getattr(gradcampp_swift, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'show'"):
        getattr(gradcampp_swift, "show")  # noqa: B009
