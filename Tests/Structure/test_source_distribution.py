"""A source distribution holds all that building from it needs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "setup.py", "--quiet", "egg_info", "--egg-base", str(folder)]
    command += ["sdist", "--dist-dir", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder)
    return folder / archive.name.removesuffix(".tar.gz")


def test_swift_accepts_the_package(unpacked: Path) -> None:
    command = ["swift", "package", "describe"]
    result = subprocess.run(command, cwd=unpacked, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "Name: GradCAMPPCAPI" in result.stdout


@pytest.mark.parametrize("folder", ["Sources", "include", "python"])
def test_no_source_is_missing(folder: str, unpacked: Path) -> None:
    def sources(root: Path) -> set[Path]:
        files = (path for path in (root / folder).rglob("*") if path.is_file())
        made = {".so", ".pyc"}
        return {
            path.relative_to(root)
            for path in files
            if path.suffix not in made and not path.parent.name.endswith(".egg-info")
        }

    assert sources(unpacked) == sources(ROOT)


def test_licences_travel_with_it(unpacked: Path) -> None:
    assert (unpacked / "LICENSE").is_file()
    assert (unpacked / "NOTICE.md").is_file()
