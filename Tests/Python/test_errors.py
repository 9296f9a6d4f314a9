"""Every misuse is a GradCAMError, the built-in that fits, and one line."""

import copy
import errno
import io
import os
import re
import subprocess
import sys

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from working_place import unprivileged


def _released():
    view = memoryview(b"bytes")
    view.release()
    return view


_ERRORS = [
    ("no-file", lambda m, p: gcpp.load("none.npy"), gcpp.MissingFileError, FileNotFoundError),
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
    ("layer-nul", lambda m, p: m.explain(p, layer="a\0b"), gcpp.UnknownNameError, KeyError),
    ("layer-half", lambda m, p: m.explain(p, layer="\ud800"), gcpp.UnknownNameError, KeyError),
    ("tensor-nul", lambda m, p: m.activations(p, "a\0b"), gcpp.UnknownNameError, KeyError),
    ("gradients-nul", lambda m, p: m.gradients(p, "\ud800"), gcpp.UnknownNameError, KeyError),
    ("method-nul", lambda m, p: m.explain(p, method="a\0"), gcpp.InvalidArgumentError, ValueError),
    ("method-half", lambda m, p: m.explain(p, method="\ud800"), gcpp.InvalidArgumentError, None),
    ("method-none", lambda m, p: m.explain(p, method=None), gcpp.WrongTypeError, TypeError),
    ("cam-method-nul", lambda m, p: gcpp.cam([[[1.0]]], [[[1.0]]], method="\0"),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-layout-list", lambda m, p: gcpp.cam([[[1.0]]], [[[1.0]]], layout=[]),
     gcpp.InvalidArgumentError, ValueError),
    ("cam-large", lambda m, p: gcpp.cam([[[1e300]]], [[[1.0]]]), gcpp.InvalidArgumentError, None),
    ("colormap-nul", lambda m, p: m.explain(p).overlay(colormap="a\0b"),
     gcpp.InvalidArgumentError, ValueError),
    ("colormap-half", lambda m, p: m.explain(p).heatmap_rgb("\udcff"),
     gcpp.InvalidArgumentError, ValueError),
    ("colormap-3", lambda m, p: m.explain(p).overlay(colormap=3), gcpp.WrongTypeError, TypeError),
    ("colormap-rgb-3", lambda m, p: m.explain(p).heatmap_rgb(3), gcpp.WrongTypeError, TypeError),
    ("alpha-text", lambda m, p: m.explain(p).overlay(alpha="x"), gcpp.WrongTypeError, TypeError),
    ("alpha-none", lambda m, p: m.explain(p).overlay(alpha=None), gcpp.WrongTypeError, TypeError),
    ("alpha-large", lambda m, p: m.explain(p).overlay(10**400), gcpp.InvalidArgumentError, None),
    ("save-number", lambda m, p: m.explain(p).save(3), gcpp.WrongTypeError, TypeError),
    ("save-stream", lambda m, p: m.explain(p).save(io.BytesIO()), gcpp.WrongTypeError, TypeError),
    ("save-bytes", lambda m, p: m.explain(p).save(b"x.png"), gcpp.WrongTypeError, TypeError),
    ("save-empty", lambda m, p: m.explain(p).save(""), gcpp.MissingFileError, FileNotFoundError),
    ("save-nul", lambda m, p: m.explain(p).save("a\0.jpg"), gcpp.InvalidArgumentError, ValueError),
    ("save-half", lambda m, p: m.explain(p).save("\ud800.png"), gcpp.InvalidArgumentError, None),
    ("save-what", lambda m, p: m.explain(p).save("x.png", []), gcpp.InvalidArgumentError, None),
    ("image-empty", lambda m, p: m.predict(""), gcpp.MissingFileError, FileNotFoundError),
    ("image-nul", lambda m, p: m.predict("a\0"), gcpp.InvalidArgumentError, ValueError),
    ("image-half", lambda m, p: m.predict("\ud800"), gcpp.InvalidArgumentError, ValueError),
    ("image-released", lambda m, p: m.predict(_released()), gcpp.InvalidArgumentError, ValueError),
    ("image-objects", lambda m, p: m.predict(p.astype(object)), gcpp.WrongTypeError, TypeError),
    ("load-empty", lambda m, p: gcpp.load(""), gcpp.MissingFileError, FileNotFoundError),
    ("load-half", lambda m, p: gcpp.load("\ud800"), gcpp.InvalidArgumentError, ValueError),
    ("load-below", lambda m, p: gcpp.load("/etc/hostname/x"), gcpp.FileAccessError, OSError),
    ("labels-nul", lambda m, p: gcpp.load(networks.make_weights(), "a\0b"),
     gcpp.InvalidArgumentError, ValueError),
    ("label-nul", lambda m, p: m.explain(p, "a\0b"), gcpp.UnknownNameError, KeyError),
    ("class-set", lambda m, p: m.explain(p, {1, 2}), gcpp.WrongTypeError, TypeError),
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
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", text)
    assert text[0] not in "'\""
    assert list(tmp_path.iterdir()) == []


def test_error_hints(model, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IndexError, match="None means the predicted class"):
        model.explain(photo, -1)
    monkeypatch.setenv("GRADCAMPP_WEIGHTS", "none.npy")
    with pytest.raises(FileNotFoundError, match=r"none\.npy, which \$GRADCAMPP_WEIGHTS names"):
        gcpp.load()
    with pytest.raises(KeyError) as raised:
        model.explain(photo, layer="conv9")
    assert "conv9" in str(raised.value)


@pytest.mark.parametrize(
    ("call", "number", "filename"),
    [
        (lambda m, p: gcpp.load("none.npy"), errno.ENOENT, "none.npy"),
        (lambda m, p: gcpp.load("/"), errno.EISDIR, "/"),
        (lambda m, p: gcpp.load("/etc/hostname/x"), errno.ENOTDIR, "/etc/hostname/x"),
        (lambda m, p: gcpp.load(networks.make_weights(), "no.txt"), errno.ENOENT, "no.txt"),
        (lambda m, p: m.predict("none.jpg"), errno.ENOENT, "none.jpg"),
        (lambda m, p: m.predict("/"), errno.EISDIR, "/"),
        (lambda m, p: m.explain(p).save("no/x.png"), errno.ENOENT, "no/x.png"),
        (lambda m, p: m.explain(p).save("/etc/hostname/x.png"), errno.ENOTDIR, None),
    ],
)
def test_errors_of_files_carry_what_an_oserror_has(
    model, photo, tmp_path, monkeypatch, call, number, filename
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(gcpp.GradCAMError) as raised:
        call(model, photo)
    assert isinstance(raised.value, OSError)
    assert raised.value.errno == number
    assert raised.value.strerror == os.strerror(number)
    if filename is not None:
        assert raised.value.filename == filename.replace("{here}", str(tmp_path))


def test_one_wording_for_files_that_are_missing(model, tmp_path, weights):
    path = str(tmp_path / "none.jpg")
    for call in (
        lambda: gcpp.load(path),
        lambda: model.predict(path),
        lambda: gcpp.load(weights, path),
    ):
        with pytest.raises(gcpp.MissingFileError) as raised:
            call()
        assert str(raised.value) == f"there is no file at {path}"


def test_messages_hold_no_control_characters(model, tmp_path):
    name = "a\nb\x1b[31m\x9b\u2028.png"
    with pytest.raises(FileNotFoundError) as raised:
        model.predict(str(tmp_path / name))
    assert str(raised.value).endswith(r"a\nb\x1b[31m\x9b\u2028.png")
    assert raised.value.filename == str(tmp_path / name)
    assert str(copy.copy(raised.value)) == str(raised.value)


def test_texts(model, photo):
    with pytest.raises(ValueError, match=r"^image holds NaN, expected floats in \[0, 1\]$"):
        model.predict(np.full((4, 4, 3), np.nan))
    with pytest.raises(ValueError, match="activations hold a value that is too large for float32"):
        gcpp.cam([[[1e300]]], [[[1.0]]])
    with pytest.raises(TypeError, match="path is 3, expected a path"):
        model.explain(photo).save(3)
    with pytest.raises(ValueError, match=r"^x has no suffix; end it with \.jpeg, \.png or \.npy$"):
        model.explain(photo).save("x")
    with pytest.raises(ValueError, match="expected more than 0, at most 1"):
        model.explain(photo).overlay(1.5)


def test_a_deleted_working_directory(weight_file, photo_file, tmp_path):
    code = (
        "import os, sys, gradcampp_swift as gcpp\n"
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        "model = gcpp.load(sys.argv[1])\n"
        "explanation = model.explain(sys.argv[2])\n"
        "for call in (lambda: explanation.save('x.png'),\n"
        "             lambda: explanation.save('x.npy'), lambda: gcpp.load('x.npy')):\n"
        "    try: call()\n"
        "    except gcpp.GradCAMError as error: print(isinstance(error, OSError))\n"
        "explanation.save(sys.argv[3])\n"
    )
    path = tmp_path / "there.png"
    done = subprocess.run(
        [sys.executable, "-c", code, weight_file, photo_file, path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["True"] * 3), done.stderr
    assert path.is_file()


def test_weights_in_a_folder_that_may_not_be_read(tmp_path, weight_file):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "vgg16.npy").write_bytes(weight_file.read_bytes())
    folder.chmod(0)
    code = (
        "import gradcampp_swift as gcpp\n"
        "try: gcpp.load()\n"
        "except gcpp.GradCAMError as error: print(type(error).__name__, error.errno, error)"
    )
    try:
        done = subprocess.run(
            [*unprivileged(), sys.executable, "-c", code],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    finally:
        folder.chmod(0o700)
    assert done.stdout.startswith(f"FileAccessError {errno.EACCES} models/vgg16.npy"), done.stderr
