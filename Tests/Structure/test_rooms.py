"""The rooms of the Python package: each uses only those before it, and no imports run in a circle.

Imports are read from the sources, those within functions and for type checking included.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "python" / "gradcampp_swift"

#: Modules and packages in the order of the data; CONTRIBUTING.md says what each holds.
ROOMS = [
    "errors",
    "_core",
    "arguments",
    "files",
    "values",
    "settings",
    "classes",
    "pictures",
    "weights",
    "explanations",
    "model",
    "loading",
    "metrics",
    "command",
    "former_names",
    "packaging",
    "__init__",
    "__main__",
]

MOST_MODULES = 10

#: Who may import by a computed name, and what: nothing that this test would have to see.
COMPUTED = {
    "__init__.py": "what explaining does without, which it imports for type checkers, too",
    "command/entry.py": "subcommands, which lie in its own room",
    "former_names.py": "names that moved, when a pickle asks for one",
    "weights/framework_files.py": "packages of other programs",
}

Imports = dict[str, set[str]]


def module_name(file: Path, package: Path) -> str:
    """Name a module from the package on, its `__init__` by that name: `pictures.__init__`."""
    return ".".join(file.relative_to(package).with_suffix("").parts)


def resolve(found: list[str], modules: set[str]) -> str | None:
    """Find the module that a dotted path names, or lies in."""
    for length in range(len(found), -1, -1):
        for name in (".".join(found[:length]), ".".join([*found[:length], "__init__"])):
            if name in modules:
                return name
    return None


def imported(tree: ast.Module, name: str, package: str) -> Iterator[list[str]]:
    """List what a module imports of the package, as dotted paths from it on."""
    here = name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            paths = [alias.name.split(".") for alias in node.names]
            yield from (path[1:] for path in paths if path[0] == package)
        elif isinstance(node, ast.ImportFrom):
            base = (node.module or "").split(".") if node.module else []
            if node.level:
                base = [*here[: len(here) - node.level + 1], *base]
            elif base and base[0] == package:
                base = base[1:]
            else:
                continue
            yield from ([*base, alias.name] for alias in node.names)


def read_imports(package: Path) -> Imports:
    """Read from each module which others of the package it imports."""
    files = [file for ending in ("*.py", "*.pyi") for file in package.rglob(ending)]
    names = {module_name(file, package): file for file in files}
    result: Imports = {}
    for name, file in names.items():
        tree = ast.parse(file.read_text("utf-8"))
        found = (resolve(path, set(names)) for path in imported(tree, name, package.name))
        result[name] = {other for other in found if other is not None and other != name}
    return result


def circle(imports: Imports) -> list[str]:
    """Find modules that import each other in a circle; empty where none do."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name) :]
        if name in done:
            return []
        for other in sorted(imports[name]):
            found = visit(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(imports) if (found := visit(name, []))), [])


def upward(imports: Imports) -> list[str]:
    """List imports of a room from one before it."""

    def place(name: str) -> int:
        return ROOMS.index(name.split(".")[0])

    return [
        f"{name} imports {other}"
        for name, others in sorted(imports.items())
        for other in sorted(others)
        if place(other) > place(name)
    ]


@pytest.fixture(scope="module")
def imports() -> Imports:
    return read_imports(PACKAGE)


def test_every_room_is_in_the_order(imports: Imports) -> None:
    assert {name.split(".")[0] for name in imports} == set(ROOMS)


def test_no_import_runs_back_up(imports: Imports) -> None:
    assert not upward(imports)


def test_no_circle(imports: Imports) -> None:
    assert not circle(imports)


def test_the_top_level_is_small() -> None:
    modules = [file.name for file in PACKAGE.iterdir() if file.suffix in (".py", ".pyi")]
    assert len(modules) <= MOST_MODULES


def test_computed_imports_are_named() -> None:
    users = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if any(word in file.read_text("utf-8") for word in ("import_module", "__import__"))
    }
    assert users == set(COMPUTED)


def test_nothing_inherits_to_split_a_file() -> None:
    """A class of the package has bases from elsewhere, or is an error."""
    own = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                own[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
    derived = {name for name, bases in own.items() if set(bases) & set(own)}
    assert {name for name in derived if not name.endswith("Error")} == set()


# ---- The checks can fail -------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A package of three modules, in order."""
    package = tmp_path / "small"
    (package / "classes").mkdir(parents=True)
    (package / "__init__.py").write_text("from .model import Model\n")
    (package / "errors.py").write_text("")
    (package / "classes" / "__init__.py").write_text("")
    (package / "classes" / "labels.py").write_text("from .. import errors\n")
    (package / "model.py").write_text("from .classes.labels import find_labels\n")
    return package


def test_what_is_in_order_passes(small: Path) -> None:
    found = read_imports(small)
    assert found["classes.labels"] == {"errors"}
    assert found["model"] == {"classes.labels"}
    assert found["__init__"] == {"model"}
    assert not upward(found)
    assert not circle(found)


@pytest.mark.parametrize(
    "text",
    [
        "def lazy():\n    from ..model import Model\n",
        "import small.model\n",
        "from small import model\n",
        "from small.model import Model\n",
        "from .. import model\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..model import Model\n",
    ],
)
def test_an_arrow_back_up_is_seen(small: Path, text: str) -> None:
    (small / "classes" / "labels.py").write_text(text)
    found = read_imports(small)
    assert upward(found) == ["classes.labels imports model"]
    assert set(circle(found)) == {"classes.labels", "model"}


def test_the_package_itself_is_above_all(small: Path) -> None:
    (small / "classes" / "labels.py").write_text("from .. import __version__\n")
    assert upward(read_imports(small)) == ["classes.labels imports __init__"]
