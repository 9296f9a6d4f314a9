"""Weights of other programs that cannot be used: one sentence, the right kind of error."""

import builtins
import importlib
import pickle
import zipfile

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS
from imported_weights import FOLDER, safetensors, write_safetensors

OLD_PYTORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."


@pytest.fixture
def state():
    return safetensors(FOLDER / "torchvision.safetensors")


def refusal(kind, *arguments, **options):
    with pytest.raises(kind) as raised:
        gcpp.load(*arguments, **options)
    assert isinstance(raised.value, gcpp.GradCAMError)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def without(monkeypatch):
    """Make packages impossible to import."""

    def hide(*names):
        real = importlib.import_module

        def import_module(name, *rest):
            if name in names:
                raise ImportError(name)
            return real(name, *rest)

        monkeypatch.setattr(importlib, "import_module", import_module)

    return hide


class Boom:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return builtins.exec, ("import builtins; builtins.boom = True",)


def pytorch_file(path, content):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("vgg16/data.pkl", pickle.dumps(content, 2))
        archive.writestr("vgg16/version", "3\n")
    return path


# ---- Packages ------------------------------------------------------------------------------


def test_h5py_is_missing(without):
    without("h5py")
    message = refusal(gcpp.MissingPackageError, FOLDER / "keras.weights.h5")
    assert "keras.weights.h5 is an HDF5 file of Keras" in message
    assert "pip install h5py" in message


# ---- PyTorch -------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [False, True])
def test_nothing_is_executed(tmp_path, old):
    path = tmp_path / "vgg16.pth"
    pytorch_file(path, Boom())
    if old:
        path.write_bytes(OLD_PYTORCH + pickle.dumps(Boom(), 2))
    refusal(gcpp.GradCAMError, path)
    assert not hasattr(builtins, "boom")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("whole_module", 'holds an object of "torch.nn.modules.container.Sequential", which only'),
        ("old_whole_module", "save its state_dict(), or export the network to ONNX"),
        ("list_of_tensors", "holds a list of 9 and no dictionary of tensors; expected what torch"),
        ("no_tensors", "holds a dict of 2 and no dictionary of tensors"),
        ("two_networks", 'holds several networks, under "model" and "model_ema"'),
        ("zip", "holds no network that is known"),
    ],
)
def test_other_content_of_pytorch_files(name, says):
    path = GOLDENS / "torch" / f"{name}.pth"
    message = refusal(gcpp.BadDataError, path)
    assert message.startswith(str(path))
    assert says in message


def test_torchscript(tmp_path):
    path = pytorch_file(tmp_path / "vgg16.pt", {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("vgg16/constants.pkl", pickle.dumps((), 2))
    message = refusal(gcpp.BadDataError, path)
    assert f"{path} is a TorchScript program" in message
    assert "torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH)" in message


# ---- Files ---------------------------------------------------------------------------------


def test_messages_name_the_file(tmp_path, state):
    del state["features.5.bias"]
    path = write_safetensors(tmp_path / "vgg.safetensors", state)
    assert refusal(gcpp.BadDataError, path) == f'{path}: "features.5.bias" is missing'
    np.savez(tmp_path / "vgg.npz", **state)
    assert refusal(ValueError, tmp_path / "vgg.npz").startswith(f"{tmp_path / 'vgg.npz'}: ")
    assert refusal(ValueError, state) == 'the mapping: "features.5.bias" is missing'


def test_archives_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    assert "a ZIP archive" in refusal(gcpp.BadDataError, tmp_path / "a.zip")
    whole = pytorch_file(tmp_path / "vgg16.pth", {}).read_bytes()
    (tmp_path / "cut.pth").write_bytes(whole[: len(whole) // 2])
    assert "is cut short: a ZIP archive ends with" in refusal(ValueError, tmp_path / "cut.pth")
    np.savez(tmp_path / "objects.npz", a=np.array([{}], dtype=object))
    assert "expected arrays of numbers" in refusal(ValueError, tmp_path / "objects.npz")


def test_frossards_archive(tmp_path):
    path = tmp_path / "vgg16_weights.npz"
    np.savez(path, conv1_1_W=np.zeros((3, 3, 3, 4), "f4"), conv1_1_b=np.zeros(4, "f4"))
    message = refusal(gcpp.BadDataError, path)
    assert message.startswith(f"{path} names its arrays conv1_1_W")
    given = message.partition("preprocessing=gcpp.")[2]
    assert given == "Preprocessing('RGB', 1, (123.68, 116.779, 103.939))"


@pytest.mark.parametrize("cut", [9, 100, 3000, 40_000])
def test_keras_files_cut_short(tmp_path, cut):
    pytest.importorskip("h5py", reason="h5py is not installed")
    path = tmp_path / "vgg.h5"
    path.write_bytes((FOLDER / "keras.weights.h5").read_bytes()[:cut])
    assert "expected an HDF5 file that Keras wrote" in refusal(gcpp.BadDataError, path)


def test_keras_files_with_links_elsewhere(tmp_path):
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["block1_conv1/kernel"] = h5py.ExternalLink("/etc/passwd", "/x")
        file["block1_conv2/bias"] = np.zeros(3, np.float32)
    assert "the kernel of layer" in refusal(ValueError, tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        external = [(str(tmp_path / "other"), 0, 12)]
        file.create_dataset("block1_conv1/bias", (3,), "f4", external=external)
    assert "lies in another file" in refusal(ValueError, tmp_path / "b.h5")


def test_keras_files_that_claim_much(tmp_path):
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("block1_conv1/kernel", (1 << 30, 1 << 10), "f4", chunks=(1, 1 << 10))
    message = refusal(gcpp.BadDataError, tmp_path / "a.h5")
    assert "take more than 16 times the file's size" in message


def test_archives_that_claim_much(tmp_path):
    zeros = np.zeros((256, 256, 3, 3), np.float32)
    np.savez_compressed(tmp_path / "a.npz", **{"features.0.weight": zeros})
    assert "take more than 16 times" in refusal(gcpp.BadDataError, tmp_path / "a.npz")


# ---- Mappings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (lambda s: s.pop("classifier.6.weight"), ValueError, "no place"),
        (
            lambda s: s.update({"features.0.weight": np.zeros((4, 3, 3, 3), int)}),
            TypeError,
            "int64",
        ),
        (lambda s: s.update({"x": 1.5}), TypeError, "x: a value of type float"),
        (lambda s: s.update({"x": np.ones(3, "f4")}), ValueError, '"x" has no place'),
        (
            lambda s: s.update({"classifier.0.weight": np.zeros((12, 8), "f4")}),
            ValueError,
            "global",
        ),
        (
            lambda s: s.update({"features.0.bias": np.full(4, np.nan, "f4")}),
            ValueError,
            "NaN or infinity",
        ),
    ],
)
def test_wrong_mappings(state, change, kind, says):
    change(state)
    assert says in refusal(kind, state)


def test_tensors_that_are_no_arrays(state):
    class Meta:
        dtype = "torch.float32"

        def __array__(self, dtype=None, copy=None):
            raise TypeError("a meta tensor has no\nnumbers")

    state["features.0.weight"] = Meta()
    message = refusal(TypeError, state)
    assert message == "features.0.weight cannot be made a NumPy array: a meta tensor has no"


# ---- Preprocessing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preprocessing", "kind", "says"),
    [
        ("keras", ValueError, "expected one of caffe, torchvision, tensorflow, unit"),
        ("a\0b", ValueError, "names nothing"),
        (3, TypeError, "expected a name or a Preprocessing"),
    ],
)
def test_unknown_preprocessings(weights, preprocessing, kind, says):
    assert says in refusal(kind, weights, preprocessing=preprocessing)


@pytest.mark.parametrize(
    ("values", "kind", "says"),
    [
        ({"channel_order": "GBR"}, ValueError, "'RGB' or 'BGR'"),
        ({"scale": 0}, ValueError, "above 0"),
        ({"scale": "1"}, TypeError, "expected a number"),
        ({"mean": 1}, TypeError, "three numbers"),
        ({"mean": (1, 2)}, ValueError, "2 values"),
        ({"mean": (1, 2, float("nan"))}, ValueError, "a finite number"),
        ({"mean": (1, 2, True)}, TypeError, "True"),
        ({"std": (1, 0, 1)}, ValueError, "above 0"),
    ],
)
def test_impossible_preprocessings(values, kind, says):
    with pytest.raises(kind, match=says) as raised:
        gcpp.Preprocessing(**values)
    assert isinstance(raised.value, gcpp.GradCAMError)


def test_values_and_names_agree(weights, photo):
    """A name is the values that `preprocessing` then shows, and values are kept to the bit."""
    assert list(gcpp.preprocessings()) == ["caffe", "torchvision", "tensorflow", "unit"]
    default = gcpp.load(weights)
    for name in gcpp.preprocessings():
        named = gcpp.load(weights, preprocessing=name)
        valued = gcpp.load(weights, preprocessing=named.preprocessing)
        assert valued.preprocessing == named.preprocessing
        same = valued.activations(photo, "fc8") == named.activations(photo, "fc8")
        assert same.all()
        assert (named.preprocessing == default.preprocessing) == (name == "caffe")


def test_pickled_models_keep_their_preprocessing(weight_file, photo):
    model = gcpp.load(weight_file, preprocessing=gcpp.Preprocessing("BGR", 0.5, (1, 2, 3)))
    other = pickle.loads(pickle.dumps(model))
    assert other.preprocessing == model.preprocessing
    np.testing.assert_array_equal(other.activations(photo, "fc8"), model.activations(photo, "fc8"))
