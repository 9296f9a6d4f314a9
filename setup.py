"""Build the Swift library, then the C extension that links to it.

GRADCAMPP_LIBRARY=PATH takes an already built libgradcampp.so instead of calling `swift build`.
GRADCAMPP_WERROR=1 makes warnings about the extension errors, as `make` wants them; elsewhere a
newer compiler's new warnings must not stop an installation.
"""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import numpy
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
LIBRARY = "libgradcampp.so"
WARNINGS = ["-Wall", "-Wextra", *(["-Werror"] if os.environ.get("GRADCAMPP_WERROR") == "1" else [])]

# One build serves CPython 3.10 and every later one; a free-threaded one needs a build of its own.
IS_STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
STABLE_API = ("Py_LIMITED_API", "0x030A0000")
SWIFT_OPTIONS = ["-c", "release", "--product", "gradcampp", "-Xswiftc", "-static-stdlib"]


def version() -> str:
    """Read the version from the header, its only home."""
    header = (ROOT / "include" / "gradcampp.h").read_text("utf-8")
    match = re.search(r'GCPP_VERSION_STRING "(.+?)"', header)
    if match is None:
        raise SystemExit("error: include/gradcampp.h holds no GCPP_VERSION_STRING")
    return match[1]


def build_library() -> Path:
    """Build libgradcampp.so, or find the one that GRADCAMPP_LIBRARY names."""
    given = os.environ.get("GRADCAMPP_LIBRARY")
    if given:
        library = Path(given)
        if not library.is_file():
            raise SystemExit(f"error: GRADCAMPP_LIBRARY is {given}, and no file is there")
        return library
    if shutil.which("swift") is None:
        raise SystemExit(
            "error: building gradcampp-swift needs Swift 6.2 or later (https://swift.org/install), "
            "and `swift` is not on the PATH"
        )
    scratch = ROOT / "build" / "swift"
    command = ["swift", "build", *SWIFT_OPTIONS, "--scratch-path", str(scratch)]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise SystemExit(f"error: {' '.join(command)} failed; its messages are above")
    return scratch / "release" / LIBRARY


def replace(library: Path, folder: Path) -> None:
    """Copy a library, beside any process that still runs on the one it replaces."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{LIBRARY}.new"
    shutil.copy2(library, copy)
    os.replace(copy, folder / LIBRARY)


class BuildExtension(build_ext):
    """Put the library into the package, and link the extension to it there."""

    def build_extension(self, ext: Extension) -> None:
        """Build the library and then the extension."""
        folder = Path(self.get_ext_fullpath(ext.name)).parent
        replace(build_library(), folder)
        ext.library_dirs = [str(folder)]
        super().build_extension(ext)

    def copy_extensions_to_source(self) -> None:
        """Serve an editable install: both files lie beside the Python sources."""
        super().copy_extensions_to_source()
        folder = Path(self.get_finalized_command("build_py").get_package_dir("gradcampp_swift"))
        replace(Path(self.build_lib, "gradcampp_swift", LIBRARY), folder)


setup(
    version=version(),
    license="MIT",
    options={"bdist_wheel": {"py_limited_api": "cp310"}} if IS_STABLE else {},
    cmdclass={"build_ext": BuildExtension},
    ext_modules=[
        Extension(
            "gradcampp_swift._core",
            sources=sorted(
                str(path.relative_to(ROOT)) for path in ROOT.glob("Sources/CPython/*.c")
            ),
            depends=["include/gradcampp.h", "Sources/CPython/core.h", "Sources/CPython/model.h"],
            py_limited_api=IS_STABLE,
            define_macros=[STABLE_API] if IS_STABLE else [],
            include_dirs=["include", numpy.get_include()],
            libraries=["gradcampp"],
            runtime_library_dirs=["$ORIGIN"],
            extra_compile_args=["-std=c11", *WARNINGS],
        )
    ],
)
