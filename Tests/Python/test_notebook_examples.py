"""The example notebooks: they run, and what they show in the repository is what they compute."""

import importlib.util
import re

import pytest
from conftest import ROOT

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")

NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def load_tool():
    path = ROOT / "tools" / "execute_notebooks.py"
    spec = importlib.util.spec_from_file_location("execute_notebooks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def text(output):
    return output.get("text") or output["data"]["text/plain"]


def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["comparing_classes_and_layers", "quick_start"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_kept_outputs(path):
    """Small, whole, in order, without errors, and nothing of the machine that ran them."""
    assert path.stat().st_size < 300_000
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert {output.output_type for output in outputs(notebook)} <= {
        "stream",
        "execute_result",
        "display_data",
    }
    for output in outputs(notebook):
        assert output.get("name") != "stderr"
        assert "site-packages" not in text(output)
        assert not {"text/html", "image/png"} <= set(output.get("data", {}))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_run_again(path, monkeypatch):
    """Words are the same, numbers up to what another processor's rounding may change."""
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    kept = outputs(nbformat.read(path, as_version=4))
    found = outputs(load_tool().executed(path))
    assert [output.output_type for output in found] == [output.output_type for output in kept]
    for mine, true in zip(found, kept, strict=True):
        assert NUMBER.sub("#", text(mine)) == NUMBER.sub("#", text(true))
        numbers = [[float(each) for each in NUMBER.findall(text(one))] for one in (mine, true)]
        assert numbers[0] == pytest.approx(numbers[1], rel=0.02, abs=2)
        assert set(mine.get("data", {})) == set(true.get("data", {}))


def test_parts_of_a_stream_are_joined():
    """What is printed in one go may arrive in two messages."""
    parts = [("stdout", "a"), ("stdout", "b\n"), ("stderr", "c"), ("stdout", "d")]
    made = [nbformat.v4.new_output("stream", name=name, text=text) for name, text in parts]
    made.insert(2, nbformat.v4.new_output("display_data", data={"text/plain": "x"}))
    joined = load_tool()._joined(made)
    assert [text(output) for output in joined] == ["ab\n", "x", "c", "d"]
