"""A network made again of its weights is the same: load, convert, cascades."""

import argparse

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS
from gradcampp_swift import metrics
from gradcampp_swift.command import convert as command
from gradcampp_swift.weights.arrays import weights_of
from imported_weights import FOLDER, safetensors
from networks import make_weights


def headed(widths, cells=2):
    """A state dictionary of torchvision with other dense layers."""
    random = np.random.default_rng(3)
    state = safetensors(FOLDER / "torchvision.safetensors")
    state = {name: array for name, array in state.items() if not name.startswith("classifier")}
    inputs = cells * cells * 8
    for place, outputs in enumerate(widths):
        name = f"classifier.{3 * place}"
        state[f"{name}.weight"] = random.normal(0, 0.3, (outputs, inputs)).astype("f4")
        state[f"{name}.bias"] = random.normal(0, 0.3, outputs).astype("f4")
        inputs = outputs
    return state


def keras_network(tmp_path, name):
    test_keras_layers = pytest.importorskip("test_keras_layers")
    golden = test_keras_layers.recorded(name)
    return gcpp.load(test_keras_layers.write(tmp_path / f"{name}.keras", golden))


NETWORKS = {
    "vgg": lambda folder: gcpp.load(make_weights()),
    "sigmoid": lambda folder: gcpp.load(make_weights(), activation="sigmoid", crop="pad"),
    "one unit": lambda folder: gcpp.load(headed([6, 1])),
    "one dense layer": lambda folder: gcpp.load(headed([5])),
    "two dense layers": lambda folder: gcpp.load(headed([6, 5]), preprocessing="unit"),
    "four dense layers": lambda folder: gcpp.load(headed([7, 6, 6, 5])),
    "mean": lambda folder: gcpp.load(headed([5], cells=1), input_size=(80, 64)),
    "averaged": lambda folder: gcpp.load(headed([8, 6, 5]), input_size=(150, 96)),
    "normalised": lambda folder: gcpp.load(FOLDER / "torchvision_bn.safetensors", epsilon=0.01),
    "onnx": lambda folder: gcpp.load(GOLDENS / "onnx" / "networks" / "torchscript.onnx"),
    "onnx last": lambda folder: gcpp.load(GOLDENS / "onnx" / "networks" / "nhwc.onnx"),
    "activations": lambda folder: keras_network(folder, "activations"),
    "blocks": lambda folder: keras_network(folder, "blocks"),
}


@pytest.fixture(params=NETWORKS)
def network(request, tmp_path):
    return NETWORKS[request.param](tmp_path)


def picture_for(model):
    return np.random.default_rng(4).integers(0, 256, model.input_shape).astype(np.uint8)


def assert_same(found, model, atol=0.0):
    """All that is said of a network, its default layer's map and its probabilities."""
    assert found.architecture == model.architecture
    assert found.input_shape == model.input_shape
    assert found.preprocessing == model.preprocessing
    assert found.activation == model.activation
    assert found._core.layers == model._core.layers
    picture = picture_for(model)
    one, other = found.explain(picture), model.explain(picture)
    assert one.layer == other.layer
    np.testing.assert_allclose(one.cam, other.cam, atol=atol)
    gradients = [m.gradients(picture, m._core.layers[0][0]) for m in (found, model)]
    np.testing.assert_allclose(*gradients, atol=atol)
    found, expected = found.predict(picture, 10), model.predict(picture, 10)
    assert [p.index for p in found] == [p.index for p in expected]
    np.testing.assert_allclose([p.logit for p in found], [p.logit for p in expected], atol=atol)
    for one, other in zip(found, expected, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=1e-12 + atol)


def convert(*arguments):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    options = argparse.Namespace(program="gradcampp convert")
    return command.run(parser.parse_args([*map(str, arguments)], options))


def test_load(network):
    assert_same(gcpp.load(weights_of(network._core)), network)


def test_what_the_caller_says_comes_first():
    weights = weights_of(gcpp.load(make_weights(), activation="sigmoid")._core)
    assert gcpp.load(weights, activation="softmax").activation == "softmax"
    assert gcpp.load(weights, preprocessing="unit").preprocessing.scale == 1 / 255


def test_write(network, tmp_path):
    from gradcampp_swift.weights.writing import write_weights

    path = tmp_path / "again.safetensors"
    write_weights(str(path), weights_of(network._core))
    assert_same(gcpp.load(path), network)


def test_convert(tmp_path):
    """Of files, with what they do not say."""
    out = tmp_path / "out.safetensors"
    source = GOLDENS / "onnx" / "networks" / "torchscript.onnx"
    convert(source, out)
    assert_same(gcpp.load(out), gcpp.load(source))
    np.savez(tmp_path / "vgg.npz", **headed([8, 6, 5], cells=1))
    convert(tmp_path / "vgg.npz", out, "--input-size", "80x64", "--activation", "sigmoid")
    expected = gcpp.load(tmp_path / "vgg.npz", input_size=(80, 64), activation="sigmoid")
    assert_same(gcpp.load(out), expected)
    # What the file says of the size is what is meant where nothing else is.
    assert gcpp.load(out, input_size=(96, 96)).input_shape == (96, 96, 3)
    keras = keras_network(tmp_path, "blocks")
    convert(keras.path, out, "--float16")
    assert_same(gcpp.load(out), keras, atol=0.02)


@pytest.mark.parametrize(
    "name", ["sigmoid", "one dense layer", "two dense layers", "mean", "averaged", "onnx", "blocks"]
)
def test_the_layout_of_vgg16_cannot_hold_it(tmp_path, name):
    from gradcampp_swift.weights.writing import write_weights

    network = NETWORKS[name](tmp_path)
    with pytest.raises(gcpp.InvalidArgumentError, match=r"vgg16\.npy cannot say what this network"):
        write_weights(str(tmp_path / "out.npy"), weights_of(network._core))
    assert not (tmp_path / "out.npy").exists()


def test_cascade(network):
    own = weights_of(network._core)
    picture = picture_for(network)
    names = []
    logits = [p.logit for p in network.predict(picture, 10)]
    for name, drawn in metrics.cascade(network, seed=1):
        names.append(name)
        found = weights_of(drawn._core)
        assert list(found) == list(own)
        for layer, pair in own.layers.items():
            is_same = [np.array_equal(*both) for both in zip(found[layer], pair, strict=True)]
            assert is_same[0] == (layer not in names), layer
            # Biases of 0 deviate by nothing.
            assert is_same[1] == (layer not in names or not pair[1].any()), layer
        assert drawn.preprocessing == network.preprocessing
        assert drawn.activation == network.activation
        assert drawn.labels == network.labels
        assert drawn._core.layers == network._core.layers
        assert [p.logit for p in drawn.predict(picture, 10)] != logits
        assert drawn.explain(picture).layer == network.explain(picture).layer
    assert names == list(reversed(own.layers))
    with pytest.raises(gcpp.WrongTypeError, match="does not pickle"):
        drawn.__reduce__()


def test_cascade_of_other_weights():
    model = gcpp.load(make_weights())
    weights = make_weights()
    weights["fc9"] = weights["fc8"]
    with pytest.raises(gcpp.UnknownNameError, match="'fc9' is in the weights and not in the model"):
        next(metrics.cascade(model, weights))
    del weights["fc9"], weights["fc7"]
    with pytest.raises(gcpp.UnknownNameError, match="'fc7' is in the model and not in the weights"):
        next(metrics.cascade(model, weights))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"operation":"MaxPool"', '"operation":"Frob"', "is of an operation that is not known"),
        ('"output":', '"otput":', 'has no "output" as expected'),
        ('"order":[2,3,1,0]', '"order":[2,3,1,1]', "expected each of its axes once"),
        ('"order":[2,3,1,0]', '"order":[0,1,2,3]', "has weights of shape"),
        ('"order":[2,3,1,0]', '"shape":[1,1]', "not as many elements"),
        ("/weights", "/eights", "is missing"),
        ('"extents":[1,', '"extents":[2,', "is a batch of 2"),
        ('"extents":[1,', '"extents":[-1,', "is a batch of -1"),
    ],
)
def test_descriptions_that_do_not_fit(old, new, says):
    weights = weights_of(gcpp.load(GOLDENS / "onnx" / "networks" / "torchscript.onnx")._core)
    assert old in weights.remarks["configuration"]
    weights.remarks["configuration"] = weights.remarks["configuration"].replace(old, new)
    with pytest.raises(gcpp.BadDataError, match=says):
        gcpp.load(weights)


def test_colours_that_nothing_says():
    weights = weights_of(gcpp.load(GOLDENS / "onnx" / "networks" / "torchscript.onnx")._core)
    weights.remarks["preprocessing"] = None
    with pytest.raises(gcpp.BadDataError, match="does not say what is done to colours"):
        gcpp.load(weights)


def test_arrays_that_have_no_place():
    weights = weights_of(gcpp.load(GOLDENS / "onnx" / "networks" / "torchscript.onnx")._core)
    weights["more/numbers"] = np.ones(3, np.float32)
    with pytest.raises(gcpp.BadDataError, match='"more/numbers" has no place'):
        gcpp.load(weights)
