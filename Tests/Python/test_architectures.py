"""Networks told by names and shapes of state dictionaries: results recorded of their origins."""

import json
import sys

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS
from imported_weights import write_safetensors

FOLDER = GOLDENS / "architectures"
sys.path.insert(0, str(FOLDER))

from filled_weights import filled, shapes  # noqa: E402  # beside the recordings

ARCHITECTURES = {
    "resnet_basic": "ResNet-like, 14 layers",
    "resnet_bottleneck": "ResNet-like, 20 layers",
    "resnext": "ResNet-like, 20 layers",
    "densenet": "DenseNet-like, 21 layers",
    "mobilenet_v2": "MobileNetV2",
    "timm_mobilenetv2": "MobileNetV2",
    "efficientnet": "EfficientNet-B-like, 12 blocks",
    "timm_efficientnet_b0": "EfficientNet-B0",
    "tf_efficientnet_b0": "EfficientNet-B0",
    "package_lite0": "EfficientNet-Lite0",
    "package_b0": "EfficientNet-B-like, 16 blocks",
}
CLASS = 2


def recorded(name):
    with np.load(FOLDER / f"{name}.npz") as file:
        return {key: file[key] for key in file.files}


def loaded(weights, picture, **settings):
    return gcpp.load(weights, preprocessing="unit", input_size=picture.shape[:2], **settings)


def assert_computes(model, expected):
    """Logits, and activations and gradients at the default layer, up to float32's rounding.

    Weights at random let it grow from layer to layer, to some 1e-5 of the largest number.
    """
    picture = expected["picture"]
    explanation = model.explain(picture, CLASS)
    last = model.layers[-1]
    for found, key in (
        (model.activations(picture, last), "logits"),
        (model.activations(picture, explanation.layer), "activations"),
        (model.gradients(picture, explanation.layer, CLASS), "gradients"),
    ):
        wanted = expected[key]
        scale = np.abs(wanted).max()
        assert scale > 0
        np.testing.assert_allclose(found, wanted, atol=1e-4 * scale, rtol=0)


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if not name.startswith("tf_")])
def test_recorded(name):
    expected = recorded(name)
    model = loaded(filled(shapes(expected["weights"])), expected["picture"])
    assert model.architecture == ARCHITECTURES[name]
    assert_computes(model, expected)


def test_every_recording_is_tested():
    assert {path.stem for path in FOLDER.glob("*.npz")} == set(ARCHITECTURES)


def test_names_before_the_modules():
    """Other names of the same weights: a wrapper's prefix, torchvision's before version 0.3."""
    expected = recorded("densenet")
    weights = {}
    for name, array in filled(shapes(expected["weights"])).items():
        older = name
        for kind in ("norm", "conv"):
            for number in "12":
                older = older.replace(f".{kind}{number}.", f".{kind}.{number}.")
        weights[f"backbone.{older if 'denselayer' in name else name}"] = array
    assert_computes(loaded(weights, expected["picture"]), expected)


def test_replaced_last_layer():
    expected = recorded("resnet_basic")
    weights = filled(shapes(expected["weights"]))
    for kind in ("weight", "bias"):
        weights[f"fc.1.{kind}"] = weights.pop(f"fc.{kind}")
    model = loaded(weights, expected["picture"])
    assert model.layers[-1] == "fc.1"
    assert_computes(model, expected)


# ---- timm's configuration ------------------------------------------------------------------


def timm_folder(folder, name, architecture, **details):
    expected = recorded(name)
    path = write_safetensors(folder / "model.safetensors", filled(shapes(expected["weights"])))
    details = {"input_size": [3, 70, 70], "mean": [0, 0, 0], "std": [1, 1, 1], **details}
    config = {"architecture": architecture, "pretrained_cfg": details}
    (folder / "config.json").write_text(json.dumps(config))
    return path, expected


def test_configuration_beside_the_weights(tmp_path):
    path, expected = timm_folder(
        tmp_path,
        "tf_efficientnet_b0",
        "tf_efficientnet_b0",
        crop_pct=0.875,
        interpolation="bicubic",
    )
    model = gcpp.load(path)
    assert model.architecture == "EfficientNet-B0"
    assert model.input_shape == (70, 70, 3)
    assert model.notes == []
    found = model.preprocessing
    assert (found.mean, found.crop_fraction, found.resample) == ((0, 0, 0), 0.875, "bicubic")
    assert found.resize_first
    # A picture of the input's size as it is.
    assert_computes(gcpp.load(path, preprocessing="unit"), expected)


def test_without_configuration_it_is_said(tmp_path):
    path, _ = timm_folder(tmp_path, "tf_efficientnet_b0", "tf_efficientnet_b0")
    (tmp_path / "config.json").unlink()
    (note,) = gcpp.load(path).notes
    assert "tf_efficientnet_" in note


@pytest.mark.parametrize(
    ("architecture", "details", "said"),
    [
        ("efficientnet_blur_b0", {}, 'says that it is a "efficientnet_blur_b0"'),
        ("efficientnet_b1", {}, 'says that it is a "efficientnet_b1"'),
        ("efficientnet_b0", {"input_size": [1, 70, 70]}, "expected [3, height, width]"),
        ("efficientnet_b0", {"std": [1, 1, 0]}, "deviation"),
        (
            "efficientnet_b0",
            {"crop_pct": 0.9, "interpolation": "bicubic", "crop_mode": "border"},
            'crop_mode "border"',
        ),
    ],
)
def test_configurations_that_do_not_fit(tmp_path, architecture, details, said):
    path, _ = timm_folder(tmp_path, "timm_efficientnet_b0", architecture, **details)
    with pytest.raises(gcpp.BadDataError) as caught:
        gcpp.load(path)
    assert said in str(caught.value)


def test_other_configurations_are_left_alone(tmp_path):
    path, _ = timm_folder(tmp_path, "timm_efficientnet_b0", "efficientnet_b0")
    for text in ('{"architectures": ["ResNetForImageClassification"]}', "not JSON"):
        (tmp_path / "config.json").write_text(text)
        assert gcpp.load(path).architecture == "EfficientNet-B0"


# ---- Networks of other structures ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("resnet_basic", {"layer1.0.se.fc1.weight": (2, 8, 1, 1)}, "has no place in it"),
        ("resnet_basic", {"conv1.weight": (64, 3, 3, 3)}, "expected the weights of a 7x7"),
        ("resnet_basic", {"layer2.0.downsample.0.weight": None}, "is missing"),
        ("resnet_basic", {"layer4.1.bn2.running_var": None}, "is missing"),
        ("resnet_basic", {"fc.weight": None, "fc.bias": None}, '"fc.weight" is missing'),
        ("resnet_basic", {"fc.weight": (5, 19)}, "expected classes x20"),
        ("resnet_basic", {"layer3.0.conv2.weight": (18, 16, 3, 3)}, "expected 18"),
        (
            "resnet_basic",
            {"conv1.weight": None, "conv1.0.weight": (8, 3, 3, 3)},
            "variants C and D",
        ),
        ("densenet", {"features.transition2.conv.weight": None}, "is missing"),
        ("densenet", {"features.conv1.weight": (8, 8, 3, 3)}, "has no place in it"),
        ("mobilenet_v2", {"features.3.conv.1.0.weight": (48, 1, 5, 5)}, "3x3"),
        ("efficientnet", {"features.2.0.block.1.0.weight": (48, 1, 5, 5)}, "neither those"),
        ("efficientnet", {"features.4.1.block.2.fc1.bias": None}, "is missing"),
        ("timm_efficientnet_b0", {"blocks.2.0.conv_pw.weight": (72, 24, 1, 1)}, "expected 72"),
    ],
)
def test_refused(name, change, said):
    form = shapes(recorded(name)["weights"])
    form.update({key: shape for key, shape in change.items() if shape is not None})
    form = {key: shape for key, shape in form.items() if change.get(key, ()) is not None}
    with pytest.raises(gcpp.BadDataError) as caught:
        gcpp.load(filled(form))
    assert said in str(caught.value)
    assert "export the network to ONNX" in str(caught.value)
