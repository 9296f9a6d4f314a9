"""Weights of torchvision and Keras against what PyTorch and Keras computed with them.

`Tests/Goldens/imported/record_imported.py` recorded it.
"""

import json
import struct

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS

FOLDER = GOLDENS / "imported"
CLASS = 2


def safetensors(path):
    """Arrays of a safetensors file by name, in the plainest way."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    types = {"F32": np.float32, "I64": np.int64}
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            part = data[8 + length + begin : 8 + length + end]
            arrays[name] = np.frombuffer(part, types[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def write_safetensors(path, arrays, dtype="F32", metadata=None):
    """Write numbers as their bytes; `arrays` are of the type that `dtype` names."""
    header = {} if metadata is None else {"__metadata__": metadata}
    place = 0
    for name, array in arrays.items():
        offsets = [place, place + array.nbytes]
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
        place += array.nbytes
    text = json.dumps(header).encode()
    data = b"".join(array.tobytes() for array in arrays.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def assert_computes(model, name):
    """The model gives the recorded logits, activations and gradients, up to float32's rounding."""
    expected = np.load(FOLDER / f"{name}.npz")
    picture = expected["picture"]
    for layer, key in (("fc8", "logits"), ("conv5_3", "activations")):
        found = model.activations(picture, layer)
        np.testing.assert_allclose(found, expected[key], atol=2e-5, rtol=0)
    gradients = model.gradients(picture, "conv5_3", CLASS)
    np.testing.assert_allclose(gradients, expected["gradients"], atol=2e-5, rtol=0)
    if "guided" in expected:
        guided = model.explain(picture, CLASS, guided=True).guided_gradients
        difference = np.sqrt(np.mean((guided - expected["guided"]) ** 2))
        assert difference < 1e-5 * np.sqrt(np.mean(expected["guided"] ** 2))


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn"])
def test_file(name):
    model = gcpp.load(FOLDER / f"{name}.safetensors")
    assert model.input_shape == (64, 64, 3)
    assert model.layers[-3:] == ["fc6", "fc7", "fc8"]
    assert model.preprocessing == gcpp.Preprocessing(
        "RGB", 1 / 255, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
    )
    assert_computes(model, name)


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn"])
def test_mapping(name):
    assert_computes(gcpp.load(safetensors(FOLDER / f"{name}.safetensors")), name)


def test_another_preprocessing_gives_something_else():
    """So that the comparisons above can fail."""
    expected = np.load(FOLDER / "torchvision.npz")
    path = FOLDER / "torchvision.safetensors"
    for preprocessing in ("unit", gcpp.Preprocessing("BGR", 1 / 255)):
        model = gcpp.load(path, preprocessing=preprocessing)
        difference = model.activations(expected["picture"], "fc8") - expected["logits"]
        assert np.abs(difference).max() > 0.05


def test_names_of_timm():
    """The same numbers: dense layers as convolutions of 2x2 (there 7x7) and 1x1."""
    state = safetensors(FOLDER / "torchvision.safetensors")
    names = {"0": "pre_logits.fc1", "3": "pre_logits.fc2", "6": "head.fc"}
    renamed = {}
    for name, array in state.items():
        part, place, kind = name.split(".")
        if part == "classifier":
            name = f"{names[place]}.{kind}"
            if kind == "weight" and place == "0":
                array = array.reshape(len(array), -1, 2, 2)
            if kind == "weight" and place == "3":
                array = array[:, :, np.newaxis, np.newaxis]
        renamed[name] = array
    assert_computes(gcpp.load(renamed), "torchvision")


@pytest.mark.parametrize("prefix", ["module.", "backbone.net."])
def test_prefixes(prefix):
    state = safetensors(FOLDER / "torchvision_bn.safetensors")
    assert_computes(gcpp.load({prefix + name: a for name, a in state.items()}), "torchvision_bn")


def test_convolutions_without_biases_before_batch_normalisation():
    state = safetensors(FOLDER / "torchvision_bn.safetensors")
    places = [name.split(".")[1] for name, array in state.items() if array.ndim == 4]
    for place in places:
        bias = state.pop(f"features.{place}.bias")
        state[f"features.{int(place) + 1}.running_mean"] = (
            state[f"features.{int(place) + 1}.running_mean"] - bias
        )
    assert_computes(gcpp.load(state), "torchvision_bn")


def test_a_head_of_several_layers_in_place_of_the_last():
    state = safetensors(FOLDER / "torchvision.safetensors")
    renamed = {
        name.replace("classifier.6.", "classifier.6.10.").replace(
            "classifier.3.", "classifier.6.2."
        )
        if name.startswith("classifier")
        else name: array
        for name, array in state.items()
    }
    assert_computes(gcpp.load(renamed), "torchvision")


def upper_half(array):
    """bfloat16: the upper halves of float32 numbers, and what they stand for."""
    halves = (np.ascontiguousarray(array).view(np.uint32) >> 16).astype(np.uint16)
    return halves, (halves.astype(np.uint32) << 16).view(np.float32)


@pytest.mark.parametrize(
    ("dtype", "convert"),
    [
        ("F16", lambda a: (a.astype(np.float16), a.astype(np.float16).astype(np.float32))),
        ("BF16", upper_half),
        ("F64", lambda a: (a.astype(np.float64), a)),
    ],
)
def test_element_types(tmp_path, dtype, convert):
    """A file in another type is the network of the rounded numbers, to the bit."""
    state = safetensors(FOLDER / "torchvision.safetensors")
    stored = {name: convert(array)[0] for name, array in state.items()}
    rounded = gcpp.load({name: convert(array)[1] for name, array in state.items()})
    model = gcpp.load(write_safetensors(tmp_path / "vgg.safetensors", stored, dtype))
    picture = np.load(FOLDER / "torchvision.npz")["picture"]
    np.testing.assert_array_equal(
        model.activations(picture, "fc8"), rounded.activations(picture, "fc8")
    )
    assert (dtype == "F64") == all((convert(a)[1] == a).all() for a in state.values())


@pytest.mark.parametrize(
    ("convolutions", "architecture"), [((1, 1, 2, 2, 2), 11), ((2, 2, 4, 4, 4), 19)]
)
def test_other_depths(convolutions, architecture):
    """Blocks end where the numbering leaves room for a pool."""
    random = np.random.default_rng(2)
    state, place, inputs = {}, 0, 3
    for depth in convolutions:
        for _ in range(depth):
            state[f"features.{place}.weight"] = random.random((4, inputs, 3, 3), np.float32)
            state[f"features.{place}.bias"] = random.random(4, np.float32)
            place, inputs = place + 2, 4
        place += 1
    for number, (outputs, size) in {0: (6, 49 * 4), 3: (5, 6), 6: (3, 5)}.items():
        state[f"classifier.{number}.weight"] = random.random((outputs, size), np.float32)
        state[f"classifier.{number}.bias"] = random.random(outputs, np.float32)
    model = gcpp.load(state)
    assert model.architecture == f"VGG-like, {architecture} layers"
    assert model.input_shape == (224, 224, 3)
    found = [
        sum(name.startswith(f"conv{block}_") for name in model.layers) for block in range(1, 6)
    ]
    assert tuple(found) == convolutions


# ---- Keras ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras_layers():
    """Kernels and biases by the layers' names."""
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    layers = {}
    with h5py.File(FOLDER / "keras.weights.h5") as file:
        for group in file["layers"].values():
            if len(group["vars"]):
                layers[group["vars"].attrs["name"]] = [group["vars"][i][()] for i in "01"]
    assert len(layers) == 16
    return layers


def test_keras_3_weights():
    pytest.importorskip("h5py", reason="h5py is not installed")
    model = gcpp.load(FOLDER / "keras.weights.h5")
    assert model.preprocessing == gcpp.Preprocessing("BGR", 1, mean=(103.939, 116.779, 123.68))
    assert_computes(model, "keras")


def test_keras_archive(tmp_path):
    """The .keras file: a ZIP archive with the weights' file in it."""
    pytest.importorskip("h5py", reason="h5py is not installed")
    import zipfile

    with zipfile.ZipFile(tmp_path / "vgg.keras", "w") as archive:
        archive.writestr("config.json", "{}")
        archive.write(FOLDER / "keras.weights.h5", "model.weights.h5")
    assert_computes(gcpp.load(tmp_path / "vgg.keras"), "keras")


@pytest.mark.parametrize(
    ("kernel", "bias"),
    [
        ("{0}/{0}_W_1:0", "{0}/{0}_b_1:0"),
        ("{0}/{0}/kernel:0", "{0}/{0}/bias:0"),
        ("model_weights/vgg16/{0}/kernel:0", "model_weights/vgg16/{0}/bias:0"),
        ("model_weights/{0}/vgg16/{0}/kernel", "model_weights/{0}/vgg16/{0}/bias"),
    ],
    ids=["keras1", "keras2", "nested", "keras3-h5"],
)
def test_keras_layouts(tmp_path, keras_layers, kernel, bias):
    import h5py

    with h5py.File(tmp_path / "vgg.h5", "w") as file:
        for layer, (weights, biases) in keras_layers.items():
            file[kernel.format(layer)] = weights
            file[bias.format(layer)] = biases
        file["optimizer_weights/adam/iterations"] = np.int64(7)
        file["optimizer_weights/adam/block1_conv1/kernel"] = np.zeros((3, 3, 3, 4), np.float32)
        file.create_group("model_weights/flatten")
    assert_computes(gcpp.load(tmp_path / "vgg.h5"), "keras")


def test_keras_mapping_with_a_head_of_ones_own(keras_layers):
    own = {"fc1": "dense_9", "fc2": "dense_10", "predictions": "dense_11"}
    arrays = {}
    for layer, pair in reversed(keras_layers.items()):
        arrays[f"{own.get(layer, layer)}/kernel"], arrays[f"{own.get(layer, layer)}/bias"] = pair
    assert_computes(gcpp.load(arrays), "keras")


# ---- NumPy ---------------------------------------------------------------------------------


def test_npz(tmp_path):
    np.savez(tmp_path / "vgg.npz", **safetensors(FOLDER / "torchvision_bn.safetensors"))
    assert_computes(gcpp.load(tmp_path / "vgg.npz"), "torchvision_bn")


class Tensor:
    """What is asked of a PyTorch tensor."""

    def __init__(self, array, attached=True):
        self._array, self._attached = array, attached
        self.dtype = f"torch.{array.dtype}"

    def detach(self):
        return Tensor(self._array, attached=False)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        if self._attached:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.\nUse detach()")
        return self._array


def test_tensors_need_no_torch():
    state = safetensors(FOLDER / "torchvision.safetensors")
    tensors = {name: Tensor(array) for name, array in state.items()}
    assert_computes(gcpp.load(tensors), "torchvision")
