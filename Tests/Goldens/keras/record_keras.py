"""Record what Keras computes with small networks of every kind of layer that is imported.

Needs keras 3 on torch, and h5py:

    KERAS_BACKEND=torch python record_keras.py

Each `.npz` holds Keras's description (`configuration`), the variables (`LAYER/vars/N`), a picture and
the outputs of layers (`output of LAYER`).
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras import layers

HERE = Path(__file__).parent
SIDE = 12


def activations():
    """A convolution for each activation, side by side; then layers that are activations."""
    image = keras.Input((SIDE, SIDE, 3))
    x = layers.Normalization(name="normalization")(image)
    names = [
        *("relu", "relu6", "tanh", "elu", "selu", "silu", "gelu", "softplus", "leaky_relu"),
        *("hard_sigmoid", "sigmoid", "exponential", "hard_silu", "mish", "celu"),
    ]
    branches = [
        layers.Conv2D(2, 1, strides=2, activation=name, name=f"conv_{name}")(x) for name in names
    ]
    x = layers.Concatenate(name="join")(branches)
    for layer in (
        layers.PReLU(alpha_initializer="random_normal", shared_axes=[1, 2], name="prelu"),
        layers.Conv2D(4, 3, name="mix"),
        layers.LeakyReLU(0.1, name="leaky"),
        layers.ELU(0.7, name="elu"),
        layers.ReLU(negative_slope=0.2, name="relu_slope"),
        layers.ReLU(2, name="relu2"),
        layers.GlobalAveragePooling2D(name="mean"),
        layers.Dense(6, activation="tanh", name="hidden"),
        layers.Dense(3, activation="sigmoid", name="classes"),
    ):
        x = layer(x)
    return keras.Model(image, x, name="activations")


def blocks():
    """Blocks as of MobileNetV2, EfficientNet, ResNetV2 and DenseNet, with a model in the model."""
    image = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 127.5, -1, name="rescaling")(image)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="pad")(x)
    x = layers.Conv2D(6, 3, strides=2, use_bias=False, name="stem")(x)
    x = layers.BatchNormalization(name="stem_bn")(x)
    start = layers.ReLU(6.0, name="stem_relu")(x)

    x = layers.SeparableConv2D(
        6, 3, padding="same", depth_multiplier=2, activation="gelu", name="separable"
    )(start)
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(x)
    x = layers.BatchNormalization(name="depthwise_bn")(x)
    x = layers.Activation("silu", name="depthwise_activation")(x)
    y = layers.GlobalAveragePooling2D(name="squeeze")(x)
    y = layers.Reshape((1, 1, 6), name="reshape")(y)
    y = layers.Conv2D(2, 1, activation="silu", name="reduce")(y)
    y = layers.Conv2D(6, 1, activation="sigmoid", name="expand")(y)
    x = layers.Multiply(name="excite")([x, y])
    x = layers.Dropout(0.2, name="drop")(x)
    x = layers.Add(name="add")([x, start])

    inner = keras.Sequential(
        [
            keras.Input((6, 6, 6)),
            layers.BatchNormalization(name="inner_bn"),
            layers.Activation("relu", name="inner_relu"),
            layers.Conv2D(4, 3, padding="same", name="inner_conv"),
        ],
        name="inner",
    )
    y = inner(x)
    x = layers.Concatenate(name="concatenate")([x, y])
    x = layers.AveragePooling2D(2, name="pool")(x)
    x = layers.Average(name="average")([x, layers.Conv2D(10, 1, name="a")(x)])
    x = layers.Maximum(name="maximum")([x, layers.Conv2D(10, 1, name="b")(x)])
    x = layers.Subtract(name="subtract")([x, layers.Conv2D(10, 1, name="c")(x)])
    x = layers.BatchNormalization(name="last_bn")(x)
    x = layers.Activation("relu", name="last_relu")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(4, activation="softmax", name="classes")(x)
    return keras.Model(image, x, name="blocks")


def randomised(network, random):
    """Give every variable numbers that matter."""
    for variable in network.variables:
        if "float" not in str(variable.dtype):
            continue
        numbers = random.normal(0, 0.5, variable.shape)
        if "variance" in variable.path:
            numbers = np.abs(numbers) + 0.5
        variable.assign(numbers.astype("f4"))


def leaves(network):
    """Layers that are no models."""
    for layer in network.layers:
        yield from leaves(layer) if isinstance(layer, keras.Model) else [layer]


def record(network, seen):
    random = np.random.default_rng(8)
    randomised(network, random)
    if network.name == "activations":
        mean, variance = network.get_layer("normalization").weights[:2]
        mean.assign(np.array([120, 110, 100], "f4"))
        variance.assign(np.array([3000, 2500, 3600], "f4"))
        network.get_layer("normalization").finalize_state()
    picture = random.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    outputs = [network.get_layer(name).output for name in seen]
    values = keras.Model(network.input, outputs)(picture[None].astype("f4"))
    found = {
        f"output of {name}": np.asarray(value.detach()[0])
        for name, value in zip(seen, values, strict=True)
    }
    variables = {
        f"{layer.name}/vars/{place}": np.asarray(variable.numpy())
        for layer in leaves(network)
        for place, variable in enumerate(layer.weights)
    }
    np.savez_compressed(
        HERE / f"{network.name}.npz",
        configuration=network.to_json(),
        picture=picture,
        **variables,
        **found,
    )


def main():
    network = activations()
    convolutions = [layer.name for layer in network.layers if layer.name.startswith("conv_")]
    others = ["join", "prelu", "mix", "leaky", "elu", "relu2", "relu_slope", "hidden", "classes"]
    record(network, convolutions + others)
    record(
        blocks(),
        [
            *("stem_relu", "separable", "depthwise_activation", "expand", "excite", "add"),
            *("concatenate", "average", "maximum", "subtract", "last_bn", "last_relu", "classes"),
        ],
    )
    for name in ("activations", "blocks"):
        with np.load(HERE / f"{name}.npz") as file:
            json.loads(str(file["configuration"]))


if __name__ == "__main__":
    main()
