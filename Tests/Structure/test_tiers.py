"""What the compiler made of the processor tiers, read from the object files of a release build.

A tier may use instructions that the processor lacks, so nothing outside it may share its code.
"""

import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "Sources"

#: Registers that each tier's loops must multiply and add in; all other code has neither.
TIERS = {"GradCAMPPKernelsAVX2": "ymm", "GradCAMPPKernelsAVX512": "zmm"}
BASELINE = ["GradCAMPPKernels", "GradCAMPPKernelDispatch", "GradCAMPPCore", "GradCAMPPCAPI"]

#: A function with nothing in it, which the compiler adds: any copy will do.
EMPTY = {"__swift_noop_void_return"}

WIDE_REGISTER = re.compile(r"%[yz]mm\d")
LIBRARY_FMA = re.compile(r"\bR_X86_64_\S+\s+fmaf?\b")


def release_folder() -> Path:
    """Folder of the library's objects, else that of the Swift tests', else skip."""
    for folder in [ROOT / "build" / "swift" / "release", ROOT / ".build" / "release"]:
        if all((folder / f"{module}.build").is_dir() for module in [*TIERS, *BASELINE]):
            return folder
    pytest.skip("no object files of a release build: `make test` makes them")


@cache
def objects(module: str) -> list[Path]:
    """Object files of a module, without those of sources that have gone since."""
    sources = {path.name for path in SOURCES.rglob("*.swift")}
    folder = release_folder() / f"{module}.build"
    found = [path for path in sorted(folder.glob("*.o")) if path.stem in sources]
    assert found
    return found


@cache
def disassembly(module: str) -> str:
    command = ["objdump", "--disassemble", "--reloc", "--no-show-raw-insn", *objects(module)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def weak_functions(module: str) -> set[str]:
    """Functions of which the linker keeps one, where several modules define the name."""
    command = ["nm", "--defined-only", *objects(module)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r" W (\S+)$", lines, re.MULTILINE)) - EMPTY


def demangled(names: set[str]) -> list[str]:
    command = ["swift", "demangle", "--compact"]
    text = "\n".join(sorted(names))
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


@pytest.mark.parametrize("tier", TIERS)
def test_tier_multiplies_and_adds_in_its_own_registers(tier: str) -> None:
    instructions = re.findall(rf"vfmadd\w+ .*%{TIERS[tier]}", disassembly(tier))
    assert len(instructions) > 10


@pytest.mark.parametrize("module", BASELINE)
def test_other_code_runs_on_any_processor(module: str) -> None:
    lines = disassembly(module).splitlines()
    assert not [line for line in lines if WIDE_REGISTER.search(line)]


@pytest.mark.parametrize("module", [*BASELINE, *TIERS])
def test_no_multiply_and_add_through_the_c_library(module: str) -> None:
    lines = disassembly(module).splitlines()
    assert not [line for line in lines if LIBRARY_FMA.search(line)]


def test_no_function_of_a_tier_can_be_taken_for_another() -> None:
    """The copy that the linker keeps may be that of the wrong processor."""
    owners: dict[str, set[str]] = defaultdict(set)
    for module in [*BASELINE, *TIERS]:
        for name in weak_functions(module):
            owners[name].add(module)
    shared = {name for name, modules in owners.items() if len(modules) > 1 and modules & {*TIERS}}
    assert not shared, "\n".join(demangled(shared))
