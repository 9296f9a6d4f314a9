"""Every misuse is a GradCAMError, the built-in that fits, and one line."""

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest

_ERRORS = [
    ("no-file", lambda m, p: gcpp.load("none.npy"), gcpp.MissingFileError, FileNotFoundError),
    ("no-weights", lambda m, p: gcpp.load(), gcpp.MissingFileError, FileNotFoundError),
    ("folder", lambda m, p: gcpp.load("/"), gcpp.FileAccessError, OSError),
    ("nul", lambda m, p: gcpp.load("a\0b"), gcpp.InvalidArgumentError, ValueError),
    ("number", lambda m, p: gcpp.load(3), gcpp.WrongTypeError, TypeError),
    ("no-image", lambda m, p: m.predict("none.jpg"), gcpp.MissingFileError, FileNotFoundError),
    ("image-folder", lambda m, p: m.predict("/"), gcpp.FileAccessError, OSError),
    ("image-type", lambda m, p: m.predict(3.5), gcpp.WrongTypeError, TypeError),
    ("image-none", lambda m, p: m.predict(None), gcpp.WrongTypeError, TypeError),
    ("top-0", lambda m, p: m.predict(p, 0), gcpp.InvalidArgumentError, ValueError),
    ("top-float", lambda m, p: m.predict(p, 2.0), gcpp.WrongTypeError, TypeError),
    ("class-10", lambda m, p: m.explain(p, 10), gcpp.ClassIndexError, IndexError),
    ("class-huge", lambda m, p: m.explain(p, 10**30), gcpp.ClassIndexError, IndexError),
    ("class--1", lambda m, p: m.explain(p, -1), gcpp.ClassIndexError, IndexError),
    ("class-in-list", lambda m, p: m.explain(p, [1, -2]), gcpp.ClassIndexError, IndexError),
    ("gradients-class", lambda m, p: m.gradients(p, "fc8", 99), gcpp.ClassIndexError, IndexError),
    ("class-bool", lambda m, p: m.explain(p, True), gcpp.WrongTypeError, TypeError),
    ("class-float", lambda m, p: m.explain(p, 1.0), gcpp.WrongTypeError, TypeError),
    ("class-npbool", lambda m, p: m.explain(p, np.True_), gcpp.WrongTypeError, TypeError),
    ("class-2d", lambda m, p: m.explain(p, np.eye(2, dtype=int)), gcpp.WrongTypeError, TypeError),
    ("label", lambda m, p: m.explain(p, "cat"), gcpp.UnknownNameError, KeyError),
    ("layer", lambda m, p: m.explain(p, layer="conv9"), gcpp.UnknownNameError, KeyError),
    ("layer-type", lambda m, p: m.explain(p, layer=5), gcpp.WrongTypeError, TypeError),
    ("layer-dense", lambda m, p: m.explain(p, layer="fc8"), gcpp.InvalidArgumentError, ValueError),
    ("tensor-layer", lambda m, p: m.activations(p, "x"), gcpp.UnknownNameError, KeyError),
    ("method", lambda m, p: m.explain(p, method="x"), gcpp.InvalidArgumentError, ValueError),
    ("colormap", lambda m, p: m.explain(p).overlay(colormap="x"), gcpp.InvalidArgumentError, None),
    ("alpha-0", lambda m, p: m.explain(p).overlay(alpha=0), gcpp.InvalidArgumentError, None),
    ("alpha-nan", lambda m, p: m.explain(p).overlay(np.nan), gcpp.InvalidArgumentError, None),
    ("suffix", lambda m, p: m.explain(p).save("x.xyz"), gcpp.InvalidArgumentError, ValueError),
    ("no-suffix", lambda m, p: m.explain(p).save("x"), gcpp.InvalidArgumentError, ValueError),
    ("what", lambda m, p: m.explain(p).save("x.png", "y"), gcpp.InvalidArgumentError, ValueError),
    ("no-folder", lambda m, p: m.explain(p).save("no/x.png"), gcpp.FileAccessError, OSError),
    ("labels-count", lambda m, p: gcpp.load(networks.make_weights(), ["a"]),
     gcpp.BadDataError, ValueError),
    ("cam-shapes", lambda m, p: gcpp.cam(np.ones((2, 2, 1)), np.ones((2, 2, 2))),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-batch", lambda m, p: gcpp.cam(np.ones((1, 2, 2, 1)), np.ones((1, 2, 2, 1))),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-nan", lambda m, p: gcpp.cam(np.full((1, 1, 1), np.nan), np.ones((1, 1, 1))),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-layout", lambda m, p: gcpp.cam([[[1.0]]], [[[1.0]]], layout="NHWC"),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-method", lambda m, p: gcpp.cam([[[1.0]]], [[[1.0]]], method="x"),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-complex", lambda m, p: gcpp.cam([[[1j]]], [[[1j]]]), gcpp.WrongTypeError, TypeError),
    ("cam-ragged", lambda m, p: gcpp.cam([[1.0], [1.0, 2.0]], [1.0]), gcpp.WrongTypeError, None),
    ("threads", lambda m, p: gcpp.set_num_threads(-1), gcpp.InvalidArgumentError, ValueError),
    ("threads-float", lambda m, p: gcpp.set_num_threads(1.5), gcpp.WrongTypeError, TypeError),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "error", "builtin"), [row[1:] for row in _ERRORS], ids=[row[0] for row in _ERRORS]
)
def test_errors(model, photo, tmp_path, monkeypatch, call, error, builtin):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as raised:
        call(model, photo)
    assert isinstance(raised.value, gcpp.GradCAMError)
    assert isinstance(raised.value, builtin or Exception)
    text = str(raised.value)
    assert text
    assert "\n" not in text
    assert text[0] not in "'\""
    assert list(tmp_path.iterdir()) == []


def test_error_hints(model, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IndexError, match="None means the predicted class"):
        model.explain(photo, -1)
    with pytest.raises(FileNotFoundError, match=r"GRADCAMPP_WEIGHTS.*models/vgg16\.npy"):
        gcpp.load()
    with pytest.raises(KeyError) as raised:
        model.explain(photo, layer="conv9")
    assert "conv9" in str(raised.value)
