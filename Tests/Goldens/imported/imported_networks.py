"""Slim VGG16s in PyTorch and Keras, with what they compute for one picture.

Shared by `record_imported.py` and the live comparison of `make test-peers`. Needs torch; the Keras half needs
keras with KERAS_BACKEND=torch.
"""

import numpy as np
import torch
from torch import nn

#: Convolutions of each block of VGG16, and their widths here.
DEPTHS = (2, 2, 3, 3, 3)
WIDTHS = (4, 5, 6, 7, 8)
SIDE = 64
CELLS = SIDE // 32
DENSE = (12, 11, 7)

TORCHVISION = (np.array((0.485, 0.456, 0.406)), np.array((0.229, 0.224, 0.225)))


def picture(seed=5):
    """A smooth picture with some noise, uint8 (SIDE, SIDE, 3)."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [np.sin(9 * rows + 2), np.cos(7 * columns), np.sin(5 * rows * columns + 1)]
    levels = 128 + 90 * np.stack(waves, axis=2) + random.normal(0, 12, (SIDE, SIDE, 3))
    return np.clip(levels, 0, 255).astype(np.uint8)


class TorchVGG(nn.Module):
    """torchvision's VGG16 in its names and order of modules, slim."""

    def __init__(self, depths=DEPTHS, batch_norm=False):
        super().__init__()
        steps, channels = [], 3
        for depth, width in zip(depths, WIDTHS, strict=True):
            for _ in range(depth):
                steps.append(nn.Conv2d(channels, width, 3, padding=1))
                if batch_norm:
                    steps.append(nn.BatchNorm2d(width))
                steps.append(nn.ReLU())
                channels = width
            steps.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*steps)
        self.classifier = nn.Sequential(
            nn.Linear(CELLS * CELLS * channels, DENSE[0]),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(DENSE[0], DENSE[1]),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(DENSE[1], DENSE[2]),
        )

    def forward(self, tensor):
        """Logits; `self.last` is the last convolution after ReLU."""
        for index, step in enumerate(self.features):
            if index == len(self.features) - 1:
                self.last = tensor
            tensor = step(tensor)
        return self.classifier(torch.flatten(tensor, 1))


def timm_names(state):
    """A state dictionary as timm has it: dense layers are convolutions, of the last cells and 1x1."""
    names = {"0": "pre_logits.fc1", "3": "pre_logits.fc2", "6": "head.fc"}
    renamed = {}
    for name, tensor in state.items():
        part, place, kind = name.split(".")
        if part == "classifier":
            name = f"{names[place]}.{kind}"
            if kind == "weight" and place != "6":
                cells = CELLS if place == "0" else 1
                tensor = tensor.reshape(len(tensor), -1, cells, cells)
        renamed[name] = tensor
    return renamed


def torch_network(seed, depths=DEPTHS, batch_norm=False):
    """A network with seeded weights that keep the activations alive."""
    torch.manual_seed(seed)
    network = TorchVGG(depths, batch_norm).eval()
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.normal_(module.bias, 0.05, 0.1)
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, 0.1, 0.2)
                nn.init.normal_(module.running_mean, 0, 0.2)
                nn.init.uniform_(module.running_var, 0.5, 2)
    return network


def torch_input(pixels):
    """torchvision's ToTensor and Normalize."""
    mean, std = (torch.tensor(value, dtype=torch.float32)[:, None, None] for value in TORCHVISION)
    tensor = torch.from_numpy(pixels).permute(2, 0, 1).to(torch.float32) / 255
    return (tensor - mean) / std


def computed(network, pixels, target=2):
    """Logits, last activations, their gradient, and guided gradient by the picture in [0, 1]."""
    colors = torch.from_numpy(pixels).to(torch.float32) / 255
    colors.requires_grad_(True)
    mean, std = (torch.tensor(value, dtype=torch.float32) for value in TORCHVISION)

    def run():
        logits = network(((colors - mean) / std).permute(2, 0, 1)[None])[0]
        network.last.retain_grad()
        return logits

    logits = run()
    logits[target].backward()
    result = {
        "logits": logits.detach().numpy(),
        "activations": network.last.detach()[0].permute(1, 2, 0).numpy(),
        "gradients": network.last.grad[0].permute(1, 2, 0).numpy(),
        "pixel_gradients": colors.grad.numpy().copy(),
    }
    # Guided backpropagation: ReLU lets pass what is positive.
    hooks = [
        module.register_full_backward_hook(lambda _module, given, _out: (given[0].clamp(min=0),))
        for module in network.modules()
        if isinstance(module, nn.ReLU)
    ]
    colors.grad = None
    run()[target].backward()
    for hook in hooks:
        hook.remove()
    result["guided"] = colors.grad.numpy().copy()
    return result


def keras_network(seed):
    """Keras's VGG16 in its names of layers, slim; its last layer gives logits, not softmax."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    start = tensor = keras.Input((SIDE, SIDE, 3))
    common = {
        "kernel_initializer": "he_normal",
        "bias_initializer": keras.initializers.Constant(0.1),
    }
    for block, (depth, width) in enumerate(zip(DEPTHS, WIDTHS, strict=True), start=1):
        for index in range(1, depth + 1):
            tensor = layers.Conv2D(
                width,
                3,
                padding="same",
                activation="relu",
                name=f"block{block}_conv{index}",
                **common,
            )(tensor)
        tensor = layers.MaxPooling2D(2, name=f"block{block}_pool")(tensor)
    tensor = layers.Flatten(name="flatten")(tensor)
    tensor = layers.Dense(DENSE[0], activation="relu", name="fc1", **common)(tensor)
    tensor = layers.Dense(DENSE[1], activation="relu", name="fc2", **common)(tensor)
    tensor = layers.Dense(DENSE[2], name="predictions", **common)(tensor)
    network = keras.Model(start, tensor)
    # Inputs reach 150 and more.
    first = network.get_layer("block1_conv1")
    first.set_weights([first.get_weights()[0] / 64, first.get_weights()[1]])
    return network


def keras_computed(network, pixels, target=2):
    """Logits, last activations, and the logit's gradient by them."""
    import keras

    ready = keras.applications.vgg16.preprocess_input(pixels.astype(np.float32))
    last = network.get_layer("block5_conv3").output
    upper = keras.Model(network.input, last)
    tail = keras.Model(last, network.output)
    activations = upper(torch.from_numpy(ready[None].copy())).detach().requires_grad_(True)
    logits = tail(activations)[0]
    logits[target].backward()
    return {
        "logits": logits.detach().cpu().numpy(),
        "activations": activations.detach()[0].cpu().numpy(),
        "gradients": activations.grad[0].cpu().numpy(),
    }
