"""Every block of code in the README and in docs/ runs, page by page, or says why it does not."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gradcampp_swift
import networks
import pytest
from conftest import GOLDENS, ROOT
from markdown_blocks import Block, blocks_of

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

#: Languages that are run; those that show something, or say nothing.
RUN = ("python", "sh", "c")
SHOWN = ("text", "json", "")

#: What a fragment of C may take as given.
C_FRAME = """#include <gradcampp.h>
#include <stdio.h>
int fragment(gcpp_model *model, gcpp_image *photo, gcpp_image *overlay,
             gcpp_explanation *explanation, const uint8_t *bytes, size_t size);
int fragment(gcpp_model *model, gcpp_image *photo, gcpp_image *overlay,
             gcpp_explanation *explanation, const uint8_t *bytes, size_t size) {
  %s
  %s
  (void)model; (void)photo; (void)overlay; (void)explanation; (void)bytes; (void)size;
  return 0;
}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working directory with what the pages take as given."""
    from PIL import Image

    networks.save_weights(
        tmp_path / "vgg16.npy", networks.make_weights(side=32, channels=4, classes=10)
    )
    (tmp_path / "images").mkdir()
    (tmp_path / "photos").mkdir()
    for name in ("rocket", "coffee"):
        shutil.copy(ROOT / "images" / f"{name}.jpg", tmp_path / "images")
    shutil.copy(ROOT / "images" / "rocket.jpg", tmp_path / "photo.jpg")
    shutil.copy(ROOT / "classify.py", tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").touch()
    with Image.open(tmp_path / "photo.jpg") as photo:
        for number in range(4):
            part = photo.crop((40 * number, 0, 40 * number + 200, 200))
            part.save(tmp_path / "photos" / f"part{number}.png")
    for name in ("model", "mine"):
        shutil.copy(
            GOLDENS / "imported" / "torchvision.safetensors", tmp_path / f"{name}.safetensors"
        )
    (tmp_path / "FOLDER").symlink_to("photos")
    (tmp_path / "boxes.csv").write_text(
        "file,label,x0,y0,x1,y1\npart0.png,0,20,20,120,160\npart1.png,3,0,40,90,200\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


def run_python(block: Block, names: dict[str, object], page: str) -> None:
    # As many lines above it as on the page, so that a traceback names the page's line.
    code = compile("\n" * block.line + block.code, page, "exec")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, names)


def run_shell(block: Block, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eu", "-c", block.code],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"line {block.line}: {done.stderr}"


def run_c(block: Block, folder: Path) -> None:
    """Compile; a whole program also runs."""
    source = folder / f"line{block.line}.c"
    library = Path(gradcampp_swift.__file__).parent
    command = [
        "cc",
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-misleading-indentation",
        "-I",
        str(ROOT / "include"),
    ]
    if "int main(" not in block.code:
        lines = [line for line in block.code.splitlines() if not line.startswith("#include")]
        needs_error = "gcpp_error error" not in block.code
        error = "gcpp_error error = GCPP_ERROR_INIT; (void)error;" if needs_error else ""
        source.write_text(C_FRAME % (error, "\n".join(lines)))
        command += ["-fsyntax-only", str(source)]
    else:
        source.write_text(block.code)
        command += [str(source), "-o", "program", "-L", str(library), "-lgradcampp"]
        command += [f"-Wl,-rpath,{library}", "-lm", "-lpthread"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"line {block.line}: {done.stderr}"
    if "-o" in command:
        program = [folder / "program", "vgg16.npy"]
        done = subprocess.run(program, cwd=folder, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), f"line {block.line}"
        assert done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_blocks_run(name, place):
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks_of(ROOT / name):
        assert block.language in (*RUN, *SHOWN), f"line {block.line}: {block.language}"
        if block.reason:
            continue
        if block.language == "python":
            run_python(block, names, name)
        elif block.language == "sh":
            run_shell(block, place)
        elif block.language == "c":
            run_c(block, place)


def test_few_blocks_are_left_out():
    """Most of what is shown runs; a reason is a sentence, not a word."""
    blocks = [block for page in PAGES for block in blocks_of(page) if block.language in RUN]
    left_out = [block for block in blocks if block.reason]
    assert len(blocks) >= 30
    assert len(left_out) <= len(blocks) / 4
    assert all(len(block.reason.split()) >= 3 for block in left_out)
