"""Keras's own description of a network is believed, or refused by the layer's name."""

import itertools
import json
import zipfile

import gradcampp_swift as gcpp
import numpy as np
import pytest

h5py = pytest.importorskip("h5py", reason="h5py is not installed")

HEIGHT, WIDTH = 12, 20


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, **config}}


def network():
    """Every kind of layer that is served, in a row."""
    return [
        layer("InputLayer", "input", batch_shape=[None, HEIGHT, WIDTH, 3]),
        layer("Rescaling", "rescaling", scale=1 / 127.5, offset=-1),
        layer("ZeroPadding2D", "pad", padding=[[1, 0], [2, 1]]),
        layer("Conv2D", "first", kernel_size=[3, 3], filters=4, strides=[2, 1], use_bias=False),
        layer("BatchNormalization", "normal", axis=[3], epsilon=0.01),
        layer("Activation", "rectified", activation="relu"),
        layer("DepthwiseConv2D", "each", kernel_size=[3, 3], padding="same", activation="relu"),
        layer("MaxPooling2D", "pool", pool_size=[2, 2], padding="same"),
        layer("Dropout", "dropout", rate=0.5),
        layer("GlobalAveragePooling2D", "mean"),
        layer("Dense", "hidden", units=5, activation="relu"),
        layer("Dense", "classes", units=3, activation="sigmoid"),
    ]


@pytest.fixture
def weights():
    random = np.random.default_rng(4)
    shapes = {
        "first/kernel": (3, 3, 3, 4),
        "normal/gamma": (4,),
        "normal/beta": (4,),
        "normal/moving_mean": (4,),
        "normal/moving_variance": (4,),
        "each/depthwise_kernel": (3, 3, 4, 2),
        "each/bias": (8,),
        "hidden/kernel": (8, 5),
        "hidden/bias": (5,),
        "classes/kernel": (5, 3),
        "classes/bias": (3,),
    }
    arrays = {name: random.normal(0, 0.5, s).astype("f4") for name, s in shapes.items()}
    arrays["normal/moving_variance"] = np.abs(arrays["normal/moving_variance"]) + 0.1
    return arrays


@pytest.fixture
def picture():
    return np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)


def write(path, layers, weights, **attributes):
    """A .keras archive, or an HDF5 file with its attributes."""
    config = {"class_name": "Sequential", "config": {"name": "net", "layers": layers}}
    text = layers if isinstance(layers, str) else json.dumps(config)
    tree = path if path.suffix == ".h5" else path.with_suffix(".weights.h5")
    with h5py.File(tree, "w") as file:
        for name, array in weights.items():
            file[name] = array
        if path.suffix == ".h5":
            file.attrs["model_config"] = text
            for name, value in attributes.items():
                file.attrs[name] = value
    if path.suffix == ".keras":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", text)
            archive.write(tree, "model.weights.h5")
    return path


def by_hand(w, picture):
    """The network of `network`, in float64."""
    x = picture / 127.5 - 1
    x = np.pad(x, ((1, 0), (2, 1), (0, 0)))
    rows, columns = (x.shape[0] - 3) // 2 + 1, x.shape[1] - 2
    y = np.zeros((rows, columns, 4))
    for i in range(rows):
        for j in range(columns):
            window = x[2 * i : 2 * i + 3, j : j + 3]
            y[i, j] = np.einsum("ijc,ijco->o", window, w["first/kernel"])
    deviation = np.sqrt(w["normal/moving_variance"].astype(float) + 0.01)
    y = (y - w["normal/moving_mean"]) / deviation * w["normal/gamma"] + w["normal/beta"]
    first = np.maximum(y, 0)
    x = np.pad(first, ((1, 1), (1, 1), (0, 0)))
    y = np.zeros((rows, columns, 8))
    for i in range(rows):
        for j in range(columns):
            each = np.einsum("ijc,ijcm->cm", x[i : i + 3, j : j + 3], w["each/depthwise_kernel"])
            y[i, j] = each.reshape(8) + w["each/bias"]
    y = np.maximum(y, 0)
    y = np.pad(y, ((0, rows % 2), (0, columns % 2), (0, 0)))
    y = y.reshape(y.shape[0] // 2, 2, y.shape[1] // 2, 2, 8).max((1, 3))
    hidden = np.maximum(y.mean((0, 1)) @ w["hidden/kernel"] + w["hidden/bias"], 0)
    return first, hidden @ w["classes/kernel"] + w["classes/bias"]


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_every_layer(tmp_path, weights, picture, suffix):
    model = gcpp.load(write(tmp_path / f"net{suffix}", network(), weights))
    assert model.input_shape == (HEIGHT, WIDTH, 3)
    assert model.layers == ["first", "each", "pool", "hidden", "classes"]
    first, logits = by_hand(weights, picture)
    np.testing.assert_allclose(model.activations(picture, "first"), first, atol=2e-5)
    np.testing.assert_allclose(model.activations(picture, "classes"), logits, atol=2e-5)
    for prediction in model.predict(picture):
        expected = 1 / (1 + np.exp(-logits[prediction.index]))
        assert prediction.probability == pytest.approx(expected, abs=1e-5)
    assert model.explain(picture).layer == "each"
    assert "= BatchNormalization(first" in gcpp.graph_passes(tmp_path / f"net{suffix}")


def windows_by_hand(x, size, strides):
    """The mean of each window of SAME padding, over the cells that are there."""
    rows, columns = (-(-n // s) for n, s in zip(x.shape[:2], strides, strict=True))
    before = [
        max((cells - 1) * s + k - n, 0) // 2
        for cells, s, k, n in zip((rows, columns), strides, size, x.shape[:2], strict=True)
    ]
    y = np.zeros((rows, columns, x.shape[2]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * strides[0] - before[0], j * strides[1] - before[1]
            y[i, j] = x[max(top, 0) : top + size[0], max(left, 0) : left + size[1]].mean((0, 1))
    return y


def test_average_pools(tmp_path, picture):
    random = np.random.default_rng(7)
    kernel = random.normal(0, 0.05, (1, 1, 3, 4)).astype("f4")
    bias = random.normal(0, 2, 4).astype("f4")
    head = random.normal(0, 1, (4, 3)).astype("f4")
    layers = [
        layer("InputLayer", "input", batch_shape=[None, HEIGHT, WIDTH, 3]),
        layer("Conv2D", "first", kernel_size=[1, 1], filters=4, activation="relu"),
        layer("AveragePooling2D", "pool", pool_size=[3, 2], strides=[2, 3], padding="same"),
        layer("GlobalAveragePooling2D", "mean"),
        layer("Dense", "classes", units=3, use_bias=False),
    ]
    arrays = {"first/kernel": kernel, "first/bias": bias, "classes/kernel": head}
    path = write(tmp_path / "net.keras", layers, arrays)
    model = gcpp.load(path, preprocessing=gcpp.Preprocessing("RGB", 1 / 255))
    first = np.maximum((picture / 255.0) @ kernel[0, 0].astype(float) + bias, 0)
    pooled = windows_by_hand(first, (3, 2), (2, 3))
    np.testing.assert_allclose(model.activations(picture, "first"), first, atol=2e-5)
    np.testing.assert_allclose(model.activations(picture, "pool"), pooled, atol=2e-5)
    logits = pooled.mean((0, 1)) @ head
    np.testing.assert_allclose(model.activations(picture, "classes"), logits, atol=5e-5)


def test_a_functional_model_with_a_model_in_it(tmp_path, weights, picture):
    """Calls are written as Keras 2 or Keras 3 writes them; a nested model is laid flat."""
    layers = network()
    inner = {"class_name": "Sequential", "name": "inner", "config": {"layers": layers[2:9]}}
    inner["inbound_nodes"] = [[["rescaling", 0, 0, {}]]]
    history = {"args": [{"config": {"keras_history": ["inner", 0, 0]}}], "kwargs": {}}
    chain = [layers[0], {**layers[1], "inbound_nodes": [[["input", 0, 0, {}]]]}, inner]
    chain.append({**layers[9], "inbound_nodes": [history]})
    for before, entry in itertools.pairwise(layers[9:]):
        name = before["config"]["name"]
        chain.append({**entry, "inbound_nodes": [[[name, 0, 0, {}]]]})
    config = {"name": "outer", "layers": chain, "output_layers": [["classes", 0, 0]]}
    text = json.dumps({"class_name": "Functional", "config": config})
    model = gcpp.load(write(tmp_path / "net.keras", text, weights))
    logits = by_hand(weights, picture)[1]
    np.testing.assert_allclose(model.activations(picture, "classes"), logits, atol=2e-5)


@pytest.mark.parametrize(
    ("place", "entry", "says"),
    [
        (3, {"activation": "glu"}, 'layer "first" (Conv2D) has activation "glu", which is not'),
        (3, {"filters": 7}, 'layer "first" (Conv2D) has filters 7'),
        (3, {"padding": "causal"}, 'has padding "causal"'),
        (3, {"data_format": "x"}, 'has data_format "x"'),
        (4, {"axis": [1]}, "has axis [1]"),
        (10, {"units": 6}, "has units 6"),
        (7, layer("Conv3D", "pool"), '"pool" (Conv3D) is of a kind'),
        (8, layer("Rescaling", "late", scale=2), '"late" (Rescaling) stands behind other'),
        (11, layer("Dense", "classes", units=3, use_bias=False), '"classes/bias" has no place'),
        (1, layer("Rescaling", "rescaling", scale=-1), "scales above 0"),
        (1, layer("Dropout", "rescaling"), "does not say what is done to colours"),
        (0, {"batch_shape": [None, None, 20, 3]}, 'extent "first" of any size; say which'),
    ],
)
def test_refusals(tmp_path, weights, place, entry, says):
    layers = network()
    if "class_name" in entry:
        layers[place] = entry
    else:
        layers[place]["config"].update(entry)
    with pytest.raises(gcpp.BadDataError) as raised:
        gcpp.load(write(tmp_path / "net.keras", layers, weights))
    assert says in str(raised.value)


@pytest.mark.parametrize("text", ["[", '{"class_name": "Sequential", "config": {}}', "{]"])
def test_texts_that_describe_nothing(tmp_path, weights, text):
    with pytest.raises(gcpp.BadDataError):
        gcpp.load(write(tmp_path / "net.keras", text, weights))


def test_a_size_that_is_asked_for(tmp_path, weights, picture):
    layers = network()
    layers[0]["config"]["batch_shape"] = [None, None, None, 3]
    path = write(tmp_path / "net.keras", layers, weights)
    model = gcpp.load(path, input_size=(HEIGHT, WIDTH))
    logits = by_hand(weights, picture)[1]
    np.testing.assert_allclose(model.activations(picture, "classes"), logits, atol=2e-5)


def test_kernels_of_theano(tmp_path, weights):
    path = write(tmp_path / "net.h5", network(), weights, backend="theano")
    with pytest.raises(gcpp.BadDataError, match="turned by 180 degrees"):
        gcpp.load(path)
    path = write(tmp_path / "vgg16_weights_tf_dim_ordering_th_kernels.h5", network(), weights)
    with pytest.raises(gcpp.BadDataError, match="turned by 180 degrees"):
        gcpp.load(path)
