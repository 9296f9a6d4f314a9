"""Types: what mypy sees of the package, and whether the stub tells the truth."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import gradcampp_swift
import pytest

REVEALED = """
import numpy as np
import gradcampp_swift as gcpp
from gradcampp_swift import metrics

model = gcpp.load("vgg16.npy")
one = model.explain("photo.jpg", target="tench")
several = model.explain(np.zeros((4, 4, 3), np.uint8), target=[1, 2])
reveal_type(model.predict(b"")[0].label)  # str
reveal_type(model.predict(b"")[0].index)  # int
reveal_type(one)  # Explanation
reveal_type(model.explain(b"", one.target))  # Explanation
reveal_type(model.explain(b"", range(3)))  # list[Explanation]
reveal_type(several)  # list[Explanation]
reveal_type(one.heatmap.dtype)  # numpy.dtype[numpy.floating[numpy._typing._nbit_base._32Bit]]
reveal_type(model.input_shape)  # tuple[int, int, int]
reveal_type(gcpp.methods()["gradcam++"].summary)  # str
reveal_type(gcpp.samples())  # list[str]
reveal_type(model.explain(b"", "top5"))  # list[Explanation]
reveal_type(one.predictions[0].probability)  # float
reveal_type(one.guided_gradients is None)  # bool
reveal_type(one.overlay(0.5, "viridis").shape)  # tuple[Any, ...]
reveal_type(gcpp.cam(np.ones((2, 2, 1)), np.ones((2, 2, 1))).ndim)  # int
reveal_type(model.sha256)  # str | None
reveal_type(metrics.average_drop([0.5], [0.25]))  # float
reveal_type(metrics.METRICS[0].name)  # str
reveal_type(gcpp.set_num_threads(0))  # None
try:
    gcpp.load("missing.npy")
except gcpp.MissingFileError as error:
    reveal_type(error.errno)  # int | None
for item in model.explain_many(["photo.jpg"], errors="return"):
    reveal_type(item)  # Any
reveal_type(one.boxes(0.5))  # list[tuple[int, int, int, int]]
reveal_type(one.original_size)  # tuple[int, int] | None
reveal_type(gcpp.contact_sheet(several).ndim)  # int
reveal_type(model.explain(b"", gcpp.targets.Not("tench")))  # Explanation
reveal_type(model.explain(b"", [gcpp.targets.Difference(1, [2, "a"]), None]))  # list[Explanation]
reveal_type(model.explain(b"", options={"a": 1}, layer=["a", "b"]).score)  # float
reveal_type(one.target.label)  # str
reveal_type(one.channel_weights is None)  # bool
reveal_type(model.score(np.zeros((1, 4, 4, 3)), 1).ndim)  # int
reveal_type(model.score_masks(b"", np.zeros((1, 4, 4)), [1, "a"]).ndim)  # int
reveal_type(gcpp.methods()["gradcam"].options[0].range)  # tuple[float, float]
reveal_type(gcpp.methods()["gradcam"].needs.gradients)  # bool
reveal_type(metrics.ProbabilityScore(model, 1).batch([]).ndim)  # int
"""


def test_mypy_strict(tmp_path):
    pytest.importorskip("mypy")
    source = tmp_path / "user.py"
    source.write_text(REVEALED)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", source.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    revealed = [line.split('"')[1] for line in done.stdout.splitlines() if "Revealed" in line]
    expected = [line.split("# ")[1] for line in REVEALED.splitlines() if "reveal_type" in line]
    own = re.compile(r"\bgradcampp_swift(\.[a-z_]+)+\.(?=[A-Z])|\bbuiltins\.")
    assert [own.sub("", text) for text in revealed] == expected


REFUSED = """
import gradcampp_swift as gcpp

model = gcpp.load(1)  # refused
model.explain(3.5)  # refused
model.explain(b"", target=1.5)  # refused
model.explain(b"", methods="gradcam")  # refused
model.explain_many(["a.jpg"], errors="ignore")  # refused
model.explain(b"").heatmap = None  # refused
model.explain(b"", target=[1]).heatmap  # refused
gcpp.cam([[[1.0]]], [[[1.0]]], layout=3)  # refused
gcpp.cam([[[1.0]]], [[[1.0]]], layout="CHW")
gcpp.targets.Logit(1.5)  # refused
gcpp.targets.Output([1.0]).weights = []  # refused
model.score([], None)  # refused
model.explain(b"", options={"a": "b"})  # refused
"""


def test_mypy_finds_wrong_uses(tmp_path):
    pytest.importorskip("mypy")
    source = tmp_path / "user.py"
    source.write_text(REFUSED)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", source.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    lines = enumerate(REFUSED.splitlines(), start=1)
    assert found == {number for number, line in lines if "# refused" in line}, done.stdout


def _stub():
    path = Path(gradcampp_swift.__file__).with_name("_core.pyi")
    return ast.parse(path.read_text("utf-8"))


def _signature(function):
    """(name, kind, has default) of each parameter of a stub's function."""
    arguments = function.args
    plain = [(a.arg, "POSITIONAL_ONLY") for a in arguments.posonlyargs]
    plain += [(a.arg, "POSITIONAL_OR_KEYWORD") for a in arguments.args]
    without = len(plain) - len(arguments.defaults)
    result = [(*item, index >= without) for index, item in enumerate(plain)]
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        result.append((argument.arg, "KEYWORD_ONLY", default is not None))
    return result


def _real_signature(function):
    return [
        (name, parameter.kind.name, parameter.default is not parameter.empty)
        for name, parameter in inspect.signature(function).parameters.items()
    ]


def _functions(body):
    return {
        node.name: node
        for node in body
        if isinstance(node, ast.FunctionDef)
        and not any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)
    }


def _public(thing):
    return {name for name in vars(thing) if not name.startswith("_")}


def test_stub_and_module_agree():
    core = importlib.import_module("gradcampp_swift._core")
    stub = _stub()
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    functions = _functions(stub.body)
    assert set(classes) | set(functions) == _public(core)
    for name, node in functions.items():
        assert _signature(node) == _real_signature(getattr(core, name)), name
    for name, node in classes.items():
        real = getattr(core, name)
        members = {member.name for member in node.body if isinstance(member, ast.FunctionDef)}
        assert members == _public(real), name
        for method, definition in _functions(node.body).items():
            assert _signature(definition) == _real_signature(getattr(real, method)), method


def test_core_types_cannot_be_made_or_subclassed():
    core = importlib.import_module("gradcampp_swift._core")
    for kind in (core.Model, core.Image, core.Explanation):
        with pytest.raises(TypeError):
            kind()
        with pytest.raises(TypeError):
            type("Sub", (kind,), {})
