"""Full-size networks of torchvision and timm from their state dictionaries, live."""

import gradcampp_swift as gcpp
import numpy as np
import pytest

torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")

NETWORKS = {
    "resnet18": "ResNet18",
    "resnet34": "ResNet34",
    "resnet50": "ResNet50",
    "resnet101": "ResNet101",
    "resnet152": "ResNet152",
    "resnext50_32x4d": "ResNeXt50 32x4d",
    "wide_resnet50_2": "Wide ResNet50-2",
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet121",
    "densenet169": "DenseNet169",
    "efficientnet_b0": "EfficientNet-B0",
    "efficientnet_b1": "EfficientNet-B1",
    "efficientnet_b4": "EfficientNet-B4",
}
TIMM = {
    "resnet50": "ResNet50",
    "densenet121": "DenseNet121",
    "mobilenetv2_100": "MobileNetV2",
    "efficientnet_b0": "EfficientNet-B0",
    "efficientnet_lite0": "EfficientNet-Lite0",
}


def assert_same(network, architecture, tmp_path):
    """The file gives the network's logits, within 1e-5 of the largest or 4 times its rounding."""
    random = np.random.default_rng(0)
    for module in network.modules():  # statistics of training would keep numbers near 1
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.0)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            module.momentum = None
    network.train()
    with torch.no_grad():
        network(torch.randn(2, 3, 96, 96))
    torch.save(network.eval().state_dict(), tmp_path / "network.pth")
    model = gcpp.load(tmp_path / "network.pth", preprocessing="unit")
    assert model.architecture == architecture
    picture = random.integers(0, 256, model.input_shape, np.uint8)
    values = torch.from_numpy((picture / np.float32(255)).transpose(2, 0, 1)[np.newaxis])
    with torch.no_grad():
        single = network(values).numpy()[0]
        double = network.double()(values.double()).numpy()[0]
    found = model.activations(picture, model.layers[-1])
    rounding = np.abs(single - double).max()
    assert np.abs(found - double).max() <= max(1e-5 * np.abs(double).max(), 4 * rounding)


@pytest.mark.parametrize("name", NETWORKS)
def test_torchvision(name, tmp_path):
    torch.manual_seed(1)
    assert_same(getattr(torchvision.models, name)(weights=None), NETWORKS[name], tmp_path)


@pytest.mark.parametrize("name", TIMM)
def test_timm(name, tmp_path):
    timm = pytest.importorskip("timm")
    torch.manual_seed(1)
    assert_same(timm.create_model(name, pretrained=False), TIMM[name], tmp_path)
