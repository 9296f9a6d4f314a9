"""Weights of Keras against what Keras computed with them."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from imported_weights import FOLDER, assert_computes


@pytest.fixture(scope="module")
def keras_layers():
    """Kernels and biases by the layers' names."""
    with np.load(FOLDER / "keras.npz") as arrays:
        names = [name.removesuffix("/kernel") for name in arrays if name.endswith("/kernel")]
        assert len(names) == 16
        return {name: [arrays[f"{name}/kernel"], arrays[f"{name}/bias"]] for name in names}


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


KERAS_PATHS = pytest.mark.parametrize(
    ("kernel", "bias"),
    [
        ("{0}/{0}_W_1:0", "{0}/{0}_b_1:0"),
        ("{0}/{0}/kernel:0", "{0}/{0}/bias:0"),
        ("model_weights/vgg16/{0}/kernel:0", "model_weights/vgg16/{0}/bias:0"),
        ("model_weights/{0}/vgg16/{0}/kernel", "model_weights/{0}/vgg16/{0}/bias"),
    ],
    ids=["keras1", "keras2", "nested", "keras3-h5"],
)


@KERAS_PATHS
def test_keras_mappings(keras_layers, kernel, bias):
    arrays = {}
    for layer, pair in keras_layers.items():
        arrays[kernel.format(layer)], arrays[bias.format(layer)] = pair
    assert_computes(gcpp.load(arrays), "keras")


@KERAS_PATHS
def test_keras_files(tmp_path, keras_layers, kernel, bias):
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
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
