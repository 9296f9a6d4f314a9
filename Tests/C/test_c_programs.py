"""The header, the example and the C tests, compiled strictly as C11 and C++17, and run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import gradcampp_swift
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
LIBRARY_FOLDER = Path(gradcampp_swift.__file__).parent
EXAMPLE = ROOT / "examples" / "c" / "overlay.c"

LANGUAGES = {
    "c11": [os.environ.get("CC", "cc"), "-std=c11", "-x", "c"],
    "c++17": [os.environ.get("CXX", "c++"), "-std=c++17", "-x", "c++"],
}

#: What counts allocations replaces functions of the C library: it has a test of its own.
PROGRAMS = sorted(
    source.stem for source in Path(__file__).parent.glob("*.c") if source.stem != "allocations"
)
#: Those that do without threads, which the emulator is slow at, and without limits of memory, which
#: it takes for its own.
PROGRAMS_TO_EMULATE = sorted(set(PROGRAMS) - {"forks", "threads", "little_memory"})

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def build(source: Path, language: str, folder: Path) -> Path:
    program = folder / source.stem
    command = [
        *LANGUAGES[language],
        *STRICT,
        *["-I", str(ROOT / "include"), str(source), "-o", str(program)],
        *["-L", str(LIBRARY_FOLDER), "-lgradcampp", f"-Wl,-rpath,{LIBRARY_FOLDER}"],
        *["-lm", "-lpthread"],
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return program


@pytest.mark.parametrize("language", LANGUAGES)
def test_header_alone(language: str, tmp_path: Path) -> None:
    source = tmp_path / "alone.c"
    source.write_text("#include <gradcampp.h>\n")
    command = [*LANGUAGES[language], *STRICT, "-fsyntax-only", "-I", str(ROOT / "include")]
    result = subprocess.run([*command, str(source)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str, language: str, tmp_path: Path) -> None:
    program = build(ROOT / "Tests" / "C" / f"{name}.c", language, tmp_path)
    result = subprocess.run([program], capture_output=True, text=True, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_steady_run_allocates_its_result_alone(tmp_path: Path) -> None:
    program = build(ROOT / "Tests" / "C" / "allocations.c", "c11", tmp_path)
    result = subprocess.run([program], capture_output=True, text=True, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", PROGRAMS_TO_EMULATE)
def test_program_on_the_oldest_processor(name: str, tmp_path: Path) -> None:
    """No instruction beyond the first x86-64 is met before the processor was asked for it."""
    program = build(ROOT / "Tests" / "C" / f"{name}.c", "c11", tmp_path)
    command = ["qemu-x86_64", "-cpu", "qemu64", program]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A small network in the layout of vgg16.npy."""
    generator = np.random.default_rng(1)

    def layer(*shape: int) -> list[np.ndarray]:
        scale = np.sqrt(2 / np.prod(shape[:-1]))
        weights = (generator.standard_normal(shape) * scale).astype(np.float32)
        return [weights, np.zeros(shape[-1], np.float32)]

    layers = {"conv1_1": layer(3, 3, 3, 4), "fc2": layer(16 * 16 * 4, 5)}
    path = tmp_path / "small.npy"
    np.save(path, np.array(layers, dtype=object), allow_pickle=True)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photo that grows lighter downwards."""
    gradient = np.tile(np.arange(64, dtype=np.uint8)[:, None, None] * 4, (1, 64, 3))
    path = tmp_path / "photo.jpg"
    Image.fromarray(gradient).save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_example(language: str, weights: Path, photo: Path, tmp_path: Path) -> None:
    assert len(EXAMPLE.read_text().splitlines()) <= 60
    program = build(EXAMPLE, language, tmp_path)
    overlay = tmp_path / "overlay.jpg"
    result = subprocess.run([program, weights, photo, overlay], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    explanation = gradcampp_swift.load(weights).explain(photo)
    expected = f"class {explanation.target.index}, probability {explanation.target.probability:.4f}"
    assert result.stdout == f"{expected}: {overlay}\n"
    explanation.save(tmp_path / "same.jpg")
    assert overlay.read_bytes() == (tmp_path / "same.jpg").read_bytes()


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn", "timm"])
def test_example_with_weights_of_pytorch(name: str, photo: Path, tmp_path: Path) -> None:
    imported = ROOT / "Tests" / "Goldens" / "imported"
    program = build(EXAMPLE, "c11", tmp_path)
    command = [program, imported / f"{name}.pth", photo, tmp_path / "overlay.jpg"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    other = imported / f"{name.replace('timm', 'torchvision')}.safetensors"
    gradcampp_swift.load(other).explain(photo).save(tmp_path / "same.jpg")
    assert (tmp_path / "overlay.jpg").read_bytes() == (tmp_path / "same.jpg").read_bytes()


def test_example_on_the_oldest_processor(weights: Path, photo: Path, tmp_path: Path) -> None:
    program = build(EXAMPLE, "c11", tmp_path)
    overlay = tmp_path / "overlay.jpg"
    command = ["qemu-x86_64", "-cpu", "qemu64", program, weights, photo, overlay]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    gradcampp_swift.load(weights).explain(photo).save(tmp_path / "here.jpg")
    with Image.open(overlay) as there, Image.open(tmp_path / "here.jpg") as here:
        difference = np.abs(np.asarray(there, int) - np.asarray(here, int))
    # Sums in another order move a pixel by a level here and there.
    assert difference.mean() < 0.5


def test_example_without_photo(weights: Path, tmp_path: Path) -> None:
    program = build(EXAMPLE, "c11", tmp_path)
    result = subprocess.run([program, weights, "no", "out"], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("usage: overlay")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make install` makes of the package that is tested here."""
    folder = tmp_path_factory.mktemp("prefix")
    installed = f"{sys.prefix}/.installed"
    command = ["make", "install", f"VENV={sys.prefix}", "-o", installed, f"PREFIX={folder}"]
    environment = {name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return folder


def explain(program: Path, weights: Path, photo: Path, **environment: str) -> str:
    """Run the example with nothing but these variables in its environment."""
    command = [program, weights, photo, program.parent / "overlay.jpg"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    return result.stderr or result.stdout


def test_the_example_builds_as_it_says(
    prefix: Path, weights: Path, photo: Path, tmp_path: Path
) -> None:
    line = re.search(r"^ \*     (cc .+)$", EXAMPLE.read_text(), re.MULTILINE)
    assert line is not None
    shutil.copy(EXAMPLE, tmp_path)
    environment = {**os.environ, "PREFIX": str(prefix)}
    subprocess.run(line[1], shell=True, cwd=tmp_path, env=environment, check=True)
    assert explain(tmp_path / "overlay", weights, photo).startswith("class ")


@pytest.mark.skipif(shutil.which("pkg-config") is None, reason="pkg-config is not installed")
def test_the_example_builds_with_pkg_config(
    prefix: Path, weights: Path, photo: Path, tmp_path: Path
) -> None:
    def pkg_config(*options: str) -> str:
        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
        command = ["pkg-config", *options, "gradcampp"]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout

    assert pkg_config("--modversion").strip() == gradcampp_swift.__version__
    options = shlex.split(pkg_config("--cflags", "--libs"))
    program = tmp_path / "overlay"
    subprocess.run([*LANGUAGES["c11"][:1], EXAMPLE, *options, "-o", program], check=True)
    assert "libgradcampp.so: cannot open shared object" in explain(program, weights, photo)
    told = explain(program, weights, photo, LD_LIBRARY_PATH=str(prefix / "lib"))
    assert told.startswith("class ")
