"""Record what networks of torchvision, timm and efficientnet_lite_pytorch compute.

Their weights are those of `filled_weights.py`, so that only names, shapes and results are kept.
Run with torch, torchvision, timm and efficientnet_lite_pytorch installed.
"""

from functools import partial
from pathlib import Path

import numpy as np
import timm
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet as PackageNet
from filled_weights import filled, text
from timm.models import resnet as timm_resnet
from torchvision.models import efficientnet as tv

CLASSES = 5
SIDE = 70


def small_efficientnet():
    # expansion, kernel, stride, inputs, outputs, layers
    stages = [
        (1, 3, 1, 8, 8, 1), (6, 3, 2, 8, 8, 2), (6, 5, 2, 8, 12, 2), (6, 3, 2, 12, 16, 3),
        (6, 5, 1, 16, 20, 1), (6, 5, 2, 20, 24, 2), (6, 3, 1, 24, 32, 1),
    ]  # fmt: skip
    settings = [tv.MBConvConfig(*stage) for stage in stages]
    return tv.EfficientNet(settings, 0.2, num_classes=CLASSES, last_channel=48)


def small_densenet():
    return torchvision.models.DenseNet(4, (2, 3, 1, 2), 8, bn_size=2, num_classes=CLASSES)


def small_resnet(block, **further):
    return timm_resnet.ResNet(
        block, (1, 2, 1, 2), channels=(8, 12, 16, 20), num_classes=CLASSES, **further
    )


# The network, and the module whose output is the default layer.
NETWORKS = {
    "resnet_basic": (partial(small_resnet, timm_resnet.BasicBlock), "layer4"),
    "resnet_bottleneck": (partial(small_resnet, timm_resnet.Bottleneck), "layer4"),
    "resnext": (
        partial(small_resnet, timm_resnet.Bottleneck, cardinality=2, base_width=32),
        "layer4",
    ),
    "densenet": (small_densenet, "features.norm5"),
    "mobilenet_v2": (
        partial(torchvision.models.mobilenet_v2, width_mult=0.1, num_classes=CLASSES),
        "features.18",
    ),
    "timm_mobilenetv2": (
        partial(timm.create_model, "mobilenetv2_035", num_classes=CLASSES),
        "bn2",
    ),
    "efficientnet": (small_efficientnet, "features.8"),
    "timm_efficientnet_b0": (
        partial(timm.create_model, "efficientnet_b0", num_classes=CLASSES),
        "bn2",
    ),
    "tf_efficientnet_b0": (
        partial(timm.create_model, "tf_efficientnet_b0", num_classes=CLASSES),
        "bn2",
    ),
    "package_lite0": (
        partial(
            PackageNet.from_name, "efficientnet-lite0", num_classes=CLASSES, image_size=SIDE
        ),
        None,
    ),
    "package_b0": (
        partial(
            PackageNet.from_name,
            "efficientnet-b0",
            num_classes=CLASSES,
            width_coefficient=0.5,
            image_size=SIDE,
        ),
        None,
    ),
}


def record(name, make, module):
    network = make().eval()
    state = network.state_dict()
    shapes = {
        key: tuple(value.shape)
        for key, value in state.items()
        if not key.endswith("num_batches_tracked")
    }
    arrays = {key: torch.from_numpy(value) for key, value in filled(shapes).items()}
    network.load_state_dict(arrays, strict=False)
    picture = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    # Colours as 0 to 1, which the test asks for by name.
    values = torch.from_numpy((picture / 255).transpose(2, 0, 1)[np.newaxis])
    network.double()
    if name == "densenet":  # torchvision rectifies the last normalisation in a function
        layer = network.features(values).relu()
        logits = network.classifier(layer.mean((2, 3)))
        torch.testing.assert_close(logits, network(values))
    else:
        kept = []
        if module is None:
            hooked = network._avg_pooling
            hooked.register_forward_hook(lambda _, inputs, __: kept.append(inputs[0]))
        else:
            network.get_submodule(module).register_forward_hook(lambda *all: kept.append(all[2]))
        logits = network(values)
        layer = kept[0]
    (by,) = torch.autograd.grad(logits[0, 2], layer)
    np.savez_compressed(
        Path(__file__).parent / f"{name}.npz",
        weights=text(shapes),
        picture=picture,
        logits=logits[0].detach().numpy().astype(np.float32),
        activations=layer[0].detach().numpy().transpose(1, 2, 0).astype(np.float32),
        gradients=by[0].numpy().transpose(1, 2, 0).astype(np.float32),
    )


for name, (make, module) in NETWORKS.items():
    record(name, make, module)
