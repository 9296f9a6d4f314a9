"""Examples in docstrings give what they say."""

import doctest
import importlib
import inspect
import pkgutil

import gradcampp_swift
import pytest

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(gradcampp_swift.__path__, "gradcampp_swift.")
    if module.name.rpartition(".")[2]
    not in ("__main__", "_core", "libgradcampp", "hook-gradcampp_swift")
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["gradcampp_swift", *MODULES])
def test_examples(name):
    results = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert results.failed == 0


def test_public_names_have_examples_that_run():
    """Functions that users call first show how; an example that is skipped does not count."""
    finder = doctest.DocTestFinder(recurse=False)
    for name in ("cam", "colormaps", "load", "methods", "samples", "set_num_threads"):
        found = finder.find(getattr(gradcampp_swift, name), name)
        examples = [example for test in found for example in test.examples]
        assert any(doctest.SKIP not in example.options for example in examples), name


def test_public_names_are_documented():
    for name in gradcampp_swift.__all__:
        thing = getattr(gradcampp_swift, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), name
