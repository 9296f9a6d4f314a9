"""Weights of torchvision and timm against what PyTorch computed with them."""

import sys
import weakref

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.metrics import cascade
from gradcampp_swift.weights.arrays import weights_of
from imported_weights import FOLDER, assert_computes, safetensors, write_safetensors


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn"])
def test_file(name):
    model = gcpp.load(FOLDER / f"{name}.safetensors")
    assert model.input_shape == (64, 64, 3)
    assert model.layers[-3:] == ["fc6", "fc7", "fc8"]
    assert model.preprocessing == gcpp.Preprocessing(
        "RGB", 1 / 255, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
    )
    assert_computes(model, name)


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn", "timm"])
def test_pytorch_file(name, monkeypatch):
    """The same weights in PyTorch's older format, in a checkpoint, and under timm's names."""
    monkeypatch.setitem(sys.modules, "torch", None)  # so that it cannot be imported
    model = gcpp.load(FOLDER / f"{name}.pth")
    assert model.preprocessing.channel_order == "RGB"
    assert_computes(model, name.replace("timm", "torchvision"))


@pytest.mark.parametrize("name", ["torchvision", "torchvision_bn"])
def test_mapping(name):
    assert_computes(gcpp.load(safetensors(FOLDER / f"{name}.safetensors")), name)


@pytest.mark.parametrize("rearranged", [True, False])
def test_arrays_are_kept_only_where_they_are_read(weights, rearranged):
    """A state dictionary's memory is free once its network is made; ours is borrowed."""
    state = {}
    if rearranged:
        source = safetensors(FOLDER / "torchvision.safetensors")
        state = {name: array.copy() for name, array in source.items()}
    else:
        for layer, pair in weights.items():
            state[f"{layer}/weights"], state[f"{layer}/biases"] = (array.copy() for array in pair)
    kept = [weakref.ref(array) for array in state.values()]
    model = gcpp.load(state)
    state.clear()
    assert all((array() is None) == rearranged for array in kept)
    del model
    assert all(array() is None for array in kept)


def test_a_models_weights_are_its_own():
    """What evaluation draws anew: the same network, and the same colours."""
    model = gcpp.load(FOLDER / "torchvision_bn.safetensors")
    again = gcpp.load(weights_of(model._core), preprocessing=model.preprocessing)
    picture = np.load(FOLDER / "torchvision_bn.npz")["picture"]
    np.testing.assert_array_equal(
        again.activations(picture, "fc8"), model.activations(picture, "fc8")
    )
    for name, network in cascade(model, weights_of(model._core)):
        assert network.preprocessing == model.preprocessing
        found = network.activations(picture, f"{name}/linear")
        assert np.abs(found - model.activations(picture, f"{name}/linear")).max() > 1e-3


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
