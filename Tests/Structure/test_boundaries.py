"""Unsafe pointers stay in the kernels and in one named file per boundary."""

import re
from pathlib import Path

CORE = Path(__file__).parents[2] / "Sources" / "GradCAMPPCore"

#: Files outside Kernels that may name an unsafe pointer, and what each needs it for.
BOUNDARIES = {
    "Foundations/MemoryBlock.swift": "owns memory from the allocator and lends spans of it",
    "Foundations/Tensor.swift": "`address`: lent to C, which reads a result in place",
    "Foundations/ThreadPool.swift": "pthread's mutex and conditions must not move",
    "Foundations/ProcessLock.swift": "pthread's mutex must not move",
    "Bytes/MappedFile.swift": "owns memory from mmap",
    "Weights/BorrowedMemory.swift": "memory that the caller of the C interface owns",
    "Images/JPEG/TurboJPEG.swift": "calls libjpeg-turbo",
    "Images/RGBImage.swift": "`address`: lent to C, as of a tensor",
    "Inputs/SeenPicture.swift": "`address`: lent to C, as of a tensor",
}

UNSAFE_POINTER = re.compile(r"\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b|\bOpaquePointer\b")
OTHER_DOORS = re.compile(r"\b(Unmanaged|unsafeBitCast|withMemoryRebound|assumingMemoryBound)\b")


def code(file: Path) -> str:
    """Text of a file without its line comments."""
    return re.sub(r"//.*", "", file.read_text())


def outside_kernels() -> dict[str, str]:
    files = [file for file in CORE.rglob("*.swift") if "Kernels" not in file.parts]
    return {str(file.relative_to(CORE)): code(file) for file in files}


def test_unsafe_pointers_are_named_at_boundaries_only() -> None:
    users = {path for path, text in outside_kernels().items() if UNSAFE_POINTER.search(text)}
    assert users == set(BOUNDARIES)


def test_no_other_way_around_the_types() -> None:
    files = outside_kernels().items()
    users = {path for path, text in files if path not in BOUNDARIES and OTHER_DOORS.search(text)}
    assert not users


def test_three_types_give_their_address_away() -> None:
    """A span ends with its closure; an address is good only while somebody keeps its owner."""
    lending = {path for path, text in outside_kernels().items() if "var address:" in text}
    assert lending == {
        "Foundations/Tensor.swift",
        "Images/RGBImage.swift",
        "Inputs/SeenPicture.swift",
    }
