"""The folders of the core form layers: each uses only those before it.

The proof is the compiler's. Within a module, every prefix of the folder list must type-check
alone; a file that reaches upwards does not.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "Sources" / "GradCAMPPCore"

#: Folders in the order of the data, by the module that compiles them.
KERNELS = ["Foundations", "Kernels"]
FOLDERS = re.findall(
    r'"(\w+)"',
    (ROOT / "Package.swift").read_text().partition("coreFolders = [")[2].partition("]")[0],
)

#: Modules that are folders inside Kernels, each after those it uses.
TIERS = {
    "GradCAMPPKernelsAVX2": CORE / "Kernels" / "AVX2",
    "GradCAMPPKernelsAVX512": CORE / "Kernels" / "AVX512",
    "GradCAMPPKernelDispatch": CORE / "Kernels" / "Dispatch",
}


def sources(folders: list[str]) -> list[str]:
    files = [file for folder in folders for file in sorted((CORE / folder).rglob("*.swift"))]
    return [str(file) for file in files if file.parent not in TIERS.values()]


def swiftc(*arguments: str) -> subprocess.CompletedProcess[str]:
    modules = ["-I", str(ROOT / "Sources/CProcessor"), "-I", str(ROOT / "Sources/CTurboJPEG")]
    features = ["-enable-experimental-feature", "Lifetimes"]
    command = ["swiftc", "-swift-version", "6", *features, *modules, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Interfaces of the modules below the core: kernels, tiers and dispatch."""
    folder = tmp_path_factory.mktemp("modules")
    parts = {"GradCAMPPKernels": sources(KERNELS)}
    parts |= {name: [str(file) for file in path.glob("*.swift")] for name, path in TIERS.items()}
    for name, files in parts.items():
        output = str(folder / f"{name}.swiftmodule")
        result = swiftc(
            "-emit-module", "-module-name", name, "-o", output, "-I", str(folder), *files
        )
        assert result.returncode == 0, result.stderr
    return folder


@pytest.mark.parametrize("count", range(1, len(KERNELS) + 1))
def test_kernels_prefix(count: int) -> None:
    result = swiftc("-typecheck", "-module-name", "GradCAMPPKernels", *sources(KERNELS[:count]))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("count", range(1, len(FOLDERS) + 1), ids=lambda n: FOLDERS[n - 1])
def test_core_prefix(count: int, modules: Path) -> None:
    result = swiftc(
        "-typecheck",
        "-module-name",
        "GradCAMPPCore",
        "-I",
        str(modules),
        *sources(FOLDERS[:count]),
    )
    assert result.returncode == 0, result.stderr


def test_the_check_can_fail(modules: Path, tmp_path: Path) -> None:
    upward = tmp_path / "Upward.swift"
    upward.write_text("let explanation: Explanation? = nil\n")
    result = swiftc("-typecheck", "-I", str(modules), *sources(FOLDERS[:3]), str(upward))
    assert "cannot find type 'Explanation'" in result.stderr


def test_every_folder_is_listed() -> None:
    folders = {path.name for path in CORE.iterdir() if path.is_dir()}
    assert folders == set(KERNELS + FOLDERS)


@pytest.mark.parametrize(
    ("protocol", "registry"),
    [
        ("(?:AttributionMethod|ChannelWeighting)", "Attribution/AttributionMethods.swift"),
        ("WeightFormat", "Weights/WeightFormats.swift"),
        ("ImageFormat", "Images/ImageFormat.swift"),
        ("ModelBuilder", "Models/ModelBuilders.swift"),
        ("NodeKind", "Graph/NodeKinds.swift"),
        ("GraphPass", "Graph/GraphPasses.swift"),
        ("KernelSet", "Kernels/Dispatch/KernelDispatch.swift"),
        ("(?:Operator|EpilogueCarrier|Activation)", "Operators/Operators.swift"),
        ("BackwardRule", "Backward/BackwardRule.swift"),
        ("Fusion", "Network/Fusions/Fusion.swift"),
        ("Target", "Network/Targets/Target.swift"),
    ],
)
def test_every_conforming_type_is_listed(protocol: str, registry: str) -> None:
    conforming = {
        name
        for file in CORE.rglob("*.swift")
        for name in re.findall(rf"(?:enum|struct|class) (\w+): {protocol}\b", file.read_text())
    }
    assert conforming
    listed = (CORE / registry).read_text()
    missing = {name for name in conforming if not re.search(rf"\b{name}(\.self|\(\))", listed)}
    assert not missing
