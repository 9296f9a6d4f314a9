"""Networks of Keras's layers against what Keras computed with them.

`Tests/Goldens/keras/record_keras.py` recorded it.
"""

import io
import json
import zipfile

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS

h5py = pytest.importorskip("h5py", reason="h5py is not installed")

NAMES = ("activations", "blocks")


def recorded(name):
    with np.load(GOLDENS / "keras" / f"{name}.npz") as file:
        return dict(file)


def write(path, golden, changed=("", "")):
    """Write a .keras archive as Keras 3 does; `changed` is replaced in its configuration."""
    data = io.BytesIO()
    with h5py.File(data, "w") as tree:
        for place, name in enumerate(name for name in golden if "/vars/" in name):
            layer, _, variable = name.split("/")
            group = tree.require_group(f"layers/l{place}/vars")
            group.attrs["name"] = layer
            group[variable] = golden[name]
    with zipfile.ZipFile(path, "w") as archive:
        text = str(golden["configuration"])
        assert changed[0] in text
        archive.writestr("config.json", text.replace(*changed))
        archive.writestr("model.weights.h5", data.getvalue())
    return path


@pytest.fixture(params=NAMES)
def golden(request):
    return recorded(request.param)


def test_every_layer(tmp_path, golden):
    """The name of a layer means its tensor after its activation."""
    model = gcpp.load(write(tmp_path / "net.keras", golden))
    outputs = {name[10:]: value for name, value in golden.items() if name.startswith("output of")}
    expected = outputs.pop("classes")
    for name, value in outputs.items():
        # A LeakyReLU stands behind it.
        layer = "mix/linear" if name == "mix" else name
        found = model.activations(golden["picture"], layer)
        np.testing.assert_allclose(found, value, atol=3e-5 * np.abs(value).max(), err_msg=name)
    found = model.predict(golden["picture"], 10)
    probabilities = [p.probability for p in sorted(found, key=lambda p: p.index)]
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)


def test_before_the_activation(tmp_path):
    golden = recorded("activations")
    model = gcpp.load(write(tmp_path / "net.keras", golden))
    for name, formula in {
        "conv_tanh": np.tanh,
        "conv_elu": lambda x: np.where(x > 0, x, np.expm1(x)),
        "conv_silu": lambda x: x / (1 + np.exp(-x)),
        "conv_softplus": np.logaddexp,
        "conv_hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
        "conv_relu6": lambda x: np.clip(x, 0, 6),
    }.items():
        before = model.activations(golden["picture"], f"{name}/linear").astype(float)
        after = formula(0, before) if formula is np.logaddexp else formula(before)
        found = model.activations(golden["picture"], name)
        np.testing.assert_allclose(found, after, atol=1e-5)


def test_adapted_normalization(tmp_path):
    """Mean and variance that the layer has learned: (x - mean) / sqrt(variance)."""
    golden = recorded("activations")
    path = write(tmp_path / "net.keras", golden)
    model = gcpp.load(path)
    mean, variance = golden["normalization/vars/0"], golden["normalization/vars/1"]
    assert model.preprocessing.mean == pytest.approx(mean)
    assert model.preprocessing.std == pytest.approx(np.sqrt(variance), rel=1e-6)
    colors = (golden["picture"] - mean.astype(float)) / np.sqrt(variance.astype(float))
    kernel, bias = golden["conv_relu/vars/0"][0, 0].astype(float), golden["conv_relu/vars/1"]
    before = colors[::2, ::2] @ kernel + bias
    found = model.activations(golden["picture"], "conv_relu/linear")
    np.testing.assert_allclose(found, before, atol=1e-5)


def test_layers_and_the_default(tmp_path):
    model = gcpp.load(write(tmp_path / "net.keras", recorded("blocks")))
    assert model.layers == [
        *("stem", "separable", "depthwise", "reduce", "expand", "excite", "add"),
        *("inner_relu", "inner_conv", "concatenate", "pool", "a", "average", "b", "maximum"),
        *("c", "subtract", "last_relu", "classes"),
    ]
    picture = recorded("blocks")["picture"]
    # Before the dense layer all evidence passes there; beside the last convolution some goes by.
    assert model.explain(picture).layer == "last_relu"
    for alias, name in {"stem_relu": "stem", "stem_bn": "stem/linear"}.items():
        np.testing.assert_array_equal(
            model.activations(picture, alias), model.activations(picture, name)
        )


def as_keras_2(model):
    """Write the calls and element types of a description as Keras 2 does."""
    for layer in model["config"]["layers"]:
        layer["config"]["dtype"] = "float32"
        if "layers" in layer["config"]:
            as_keras_2(layer)
        for place, call in enumerate(layer.get("inbound_nodes", [])):
            (tensors,) = call["args"]
            tensors = tensors if isinstance(tensors, list) else [tensors]
            names = [tensor["config"]["keras_history"][0] for tensor in tensors]
            layer["inbound_nodes"][place] = [[name, 0, 0, {}] for name in names]
    return model


def test_calls_of_keras_2(tmp_path):
    golden = recorded("blocks")
    model = as_keras_2(json.loads(str(golden["configuration"])))
    model["config"]["output_layers"] = [["classes", 0, 0]]
    golden["configuration"] = json.dumps(model)
    found = gcpp.load(write(tmp_path / "old.keras", golden))
    expected = gcpp.load(write(tmp_path / "new.keras", recorded("blocks")))
    assert found.layers == expected.layers
    assert found.predict(golden["picture"]) == expected.predict(golden["picture"])


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("activations", ('"hard_sigmoid"', '"softsign"'), 'has activation "softsign", which is'),
        ("activations", ('"DTypePolicy"', '"Other"'), "hard_sigmoid, which Keras 2 and Keras 3"),
        ("activations", ('"threshold": 0.0', '"threshold": 1.0'), "has threshold 1"),
        ("blocks", ('"Subtract"', '"Dot"'), '"subtract" (Dot) takes 2 inputs, which is not'),
        ("blocks", ('"Flatten"', '"Permute"'), '"flatten" (Permute) is of a kind that is not'),
        ("blocks", ("[1, 1, 6]", "[1, 6, 1]"), '"reshape" (Reshape) has target_shape [1, 6, 1]'),
        ("blocks", ("[1, 1, 6]", "[1, 1, 5]"), '"reshape" (Reshape) makes a tensor of [1, 1, 5]'),
        ("blocks", ('["squeeze", 0, 0]', '["add", 0, 0]'), 'takes "add", which is not before it'),
        ("blocks", ('"kwargs": {}', '"kwargs": {"training": true}'), "called in a way that is not"),
        ("blocks", ('"keras_history": ["add"', '"keras_past": ["add"'), "called in a way that is"),
    ],
)
def test_refusals(tmp_path, name, changed, says):
    with pytest.raises(gcpp.BadDataError) as raised:
        gcpp.load(write(tmp_path / "net.keras", recorded(name), changed))
    assert says in str(raised.value)


def test_numbered_layers_without_names(tmp_path):
    """Early versions of Keras 3 number layers by kind, which is not what they are called."""
    path = tmp_path / "net.weights.h5"
    with h5py.File(path, "w") as file:
        file["layers/conv2d/vars/0"] = np.ones((1, 1, 3, 2), "f4")
    with pytest.raises(gcpp.BadDataError, match="does not say which they are"):
        gcpp.load(path)
