"""Pickling: models by path and hash, explanations by value."""

import copy
import errno
import hashlib
import os
import pickle
import subprocess
import sys

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from conftest import GOLDENS


def test_model_pickles_by_path(weight_file, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(weight_file.parent)
    model = gcpp.load(weight_file.name, labels=list("abcdefghij"))
    data = pickle.dumps(model)
    assert len(data) < 2000
    monkeypatch.chdir(tmp_path)
    other = pickle.loads(data)
    assert other.labels == model.labels
    assert other.sha256 == model.sha256
    np.testing.assert_array_equal(other.explain(photo).heatmap, model.explain(photo).heatmap)
    assert other.predict(photo) == model.predict(photo)


def test_changed_file_is_an_error(tmp_path):
    path = tmp_path / "weights.npy"
    networks.save_weights(path, networks.make_weights(seed=1))
    data = pickle.dumps(gcpp.load(path))
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"weights\.npy"):
        pickle.loads(data)
    networks.save_weights(path, networks.make_weights(seed=2))
    with pytest.raises(gcpp.BadDataError, match="changed"):
        pickle.loads(data)


@pytest.mark.parametrize("replace", [False, True], ids=["in-place", "replaced"])
def test_a_model_is_not_pickled_as_other_weights(tmp_path, replace):
    path = tmp_path / "weights.npy"
    networks.save_weights(path, networks.make_weights(seed=1))
    model = gcpp.load(path)
    other = tmp_path / "other.npy"
    networks.save_weights(other, networks.make_weights(seed=2))
    if replace:
        other.replace(path)
    else:
        path.write_bytes(other.read_bytes())
    for use in (pickle.dumps, lambda model: model.sha256):
        with pytest.raises(gcpp.BadDataError, match="changed since the model was loaded"):
            use(model)
    path.unlink()
    with pytest.raises(gcpp.MissingFileError):
        pickle.dumps(model)


def test_hash_of_the_loaded_file_is_kept(tmp_path):
    path = tmp_path / "weights.npy"
    networks.save_weights(path, networks.make_weights())
    model = gcpp.load(path)
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert model.sha256 == expected
    path.unlink()
    assert model.sha256 == expected


def test_copies_of_a_model_are_the_model(model, weight_file):
    for one in (model, gcpp.load(weight_file)):
        assert copy.copy(one) is one
        assert copy.deepcopy([one])[0] is one


def test_model_of_a_mapping_says_why_not(model):
    with pytest.raises(gcpp.GradCAMError, match="in memory") as raised:
        pickle.dumps(model)
    assert isinstance(raised.value, TypeError)


@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_explanation_pickles_by_value(model, photo, guided, protocol):
    explanation = model.explain(photo, target=2, guided=guided)
    for other in (pickle.loads(pickle.dumps(explanation, protocol)), copy.deepcopy(explanation)):
        for name in ("heatmap", "cam", "channel_weights", "guided_gradients", "input"):
            np.testing.assert_array_equal(getattr(other, name), getattr(explanation, name))
        for name in ("target", "predictions", "method", "layer"):
            assert getattr(other, name) == getattr(explanation, name)
        np.testing.assert_array_equal(other.overlay(0.7), explanation.overlay(0.7))
        np.testing.assert_array_equal(other.heatmap_rgb(), explanation.heatmap_rgb())
        np.testing.assert_array_equal(other.guided_panel, explanation.guided_panel)
        if guided:
            np.testing.assert_array_equal(other.panels(), explanation.panels())


def test_explanation_reaches_a_fresh_process(model, photo, tmp_path):
    explanation = model.explain(photo)
    (tmp_path / "explanation.pickle").write_bytes(pickle.dumps(explanation))
    code = (
        "import pickle, sys\n"
        "explanation = pickle.load(open('explanation.pickle', 'rb'))\n"
        "explanation.save('overlay.png')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    explanation.save(tmp_path / "here.png")
    assert (tmp_path / "overlay.png").read_bytes() == (tmp_path / "here.png").read_bytes()


@pytest.mark.parametrize(
    "error",
    [
        gcpp.GradCAMError,
        gcpp.InvalidArgumentError,
        gcpp.WrongTypeError,
        gcpp.MissingFileError,
        gcpp.FileAccessError,
        gcpp.BadDataError,
        gcpp.ClassIndexError,
        gcpp.UnknownNameError,
        gcpp.OutOfMemoryError,
    ],
)
def test_errors_pickle(error):
    other = pickle.loads(pickle.dumps(error("a sentence")))
    assert type(other) is error
    assert str(other) == "a sentence"


@pytest.mark.parametrize("error", [gcpp.MissingFileError, gcpp.FileAccessError])
def test_errors_of_files_pickle(error):
    made = error("a sentence", errno.EACCES, "some/path")
    for other in (made, pickle.loads(pickle.dumps(made)), copy.copy(made)):
        assert type(other) is error
        assert str(other) == "a sentence"
        assert (other.errno, other.filename) == (errno.EACCES, "some/path")
        assert other.strerror == os.strerror(errno.EACCES)


# ---- Pickles of version 0.1.0 --------------------------------------------------------------


def of_0_1_0(name):
    with open(GOLDENS / "pickles" / f"{name}.pickle", "rb") as file:
        return pickle.load(file)


def test_model_of_0_1_0(monkeypatch):
    monkeypatch.chdir(GOLDENS / "pickles")
    model = of_0_1_0("model")
    assert type(model) is gcpp.Model
    assert model.labels == ["a", "b", "c", "d"]
    assert model.crop == "pad"
    assert model.preprocessing == gcpp.Preprocessing(
        "RGB", 1 / 255, mean=(0.5, 0.4, 0.3), std=(0.2, 0.2, 0.2)
    )


def test_explanation_of_0_1_0(monkeypatch):
    """It equals what the model explains now, up to what processors round differently."""
    monkeypatch.chdir(GOLDENS / "pickles")
    before = of_0_1_0("explanation")
    photo = (np.mgrid[0:40, 0:56].sum(axis=0) * 5 % 256).astype(np.uint8)
    now = of_0_1_0("model").explain(photo, "c", guided=True)
    assert type(before) is gcpp.Explanation
    assert before.target.label == "c"
    assert (before.method, before.layer) == (now.method, now.layer)
    assert before.source_area == now.source_area == (40, 56, -8, 0, 56, 56)
    for name in ("heatmap", "cam", "channel_weights", "guided_gradients"):
        found, expected = getattr(before, name), getattr(now, name)
        assert found.any()
        np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())
    np.testing.assert_array_equal(before.input, now.input)
    assert [each.index for each in before.predictions] == [each.index for each in now.predictions]


def test_values_of_0_1_0():
    values = of_0_1_0("values")
    assert type(values["prediction"]) is gcpp.Prediction
    assert values["prediction"].label == "c"
    assert values["preprocessing"].mean == (0.5, 0.4, 0.3)
    assert values["area"].image_height == 40
    assert values["description"] == gcpp.methods()["gradcam"]
    assert str(values["error"]) == "a sentence"


def test_former_modules_hold_nothing_else():
    from gradcampp_swift import explanation

    assert explanation.Explanation is gcpp.Explanation
    with pytest.raises(AttributeError, match="no attribute 'x'"):
        explanation.x  # noqa: B018
