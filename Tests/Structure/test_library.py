"""What the built library shows to the outside."""

import re
import subprocess
from pathlib import Path

import gradcampp_swift
import pytest

ROOT = Path(__file__).parents[2]
LIBRARY = Path(gradcampp_swift.__file__).parent / "libgradcampp.so"


def output(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def declared_functions() -> set[str]:
    header = (ROOT / "include" / "gradcampp.h").read_text()
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    return set(re.findall(r"\b(gcpp_\w+)\(", code))


def test_exports_are_the_functions_of_the_header() -> None:
    symbols = output("nm", "-D", "--extern-only", "--defined-only", LIBRARY).splitlines()
    functions = {line.split()[-1].split("@")[0] for line in symbols if " T " in line}
    assert functions == declared_functions()
    others = {line.split()[-1] for line in symbols if " T " not in line}
    assert all(name.startswith("GRADCAMPP_") for name in others)


def test_the_swift_runtime_is_inside() -> None:
    needed = re.findall(r"NEEDED.*\[(.+)\]", output("readelf", "-d", LIBRARY))
    assert not [name for name in needed if "swift" in name or "Foundation" in name]
    assert "libturbojpeg.so.0" in needed


def test_programs_find_the_library_by_name() -> None:
    dynamic = output("readelf", "-d", LIBRARY)
    assert re.findall(r"\(SONAME\).*\[(.+)\]", dynamic) == ["libgradcampp.so"]


def test_dlclose_leaves_the_code_of_running_threads() -> None:
    assert re.search(r"\(FLAGS_1\).*\bNODELETE\b", output("readelf", "-d", LIBRARY))


@pytest.mark.parametrize("path", ["Core", "CAPI"])
def test_no_foundation(path: str) -> None:
    folder = ROOT / "Sources" / {"Core": "GradCAMPPCore", "CAPI": "CAPI"}[path]
    assert not [f for f in folder.rglob("*.swift") if "import Foundation" in f.read_text()]


def test_no_forced_unwrap_or_trap_in_sources() -> None:
    traps = re.compile(r"\btry!|\bas!|\bfatalError\b|\bpreconditionFailure\b|[\w)\]]!(?=[.\s),])")
    found = [
        f"{file.name}: {line.strip()}"
        for file in (ROOT / "Sources").rglob("*.swift")
        for line in file.read_text().splitlines()
        if traps.search(re.sub(r'"(\\.|[^"\\])*"|//.*', "", line))
    ]
    assert not found
