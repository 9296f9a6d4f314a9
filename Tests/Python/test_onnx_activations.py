"""Activations and normalisations that exporters write as several nodes run as one."""

import math

import gradcampp_swift as gcpp
import numpy as np
import pytest
import small_onnx
from small_onnx import node

RANDOM = np.random.default_rng(8)
KERNEL = RANDOM.standard_normal((6, 3, 3, 3)).astype(np.float32)
DENSE = RANDOM.standard_normal((6 * 5 * 5, 4)).astype(np.float32)
PICTURE = RANDOM.integers(0, 256, (5, 5, 3)).astype(np.uint8)


def number(value):
    return np.array(value, np.float32)


NUMBERS = {
    "half": number(0.5),
    "one": number([1.0]),
    "two": number(2.0),
    "three": number(3.0),
    "six": number(6.0),
    "zero": number(0.0),
    "sixth": number(1 / 6),
    "root": number(math.sqrt(2)),
    "inverse": number(1 / math.sqrt(2)),
    "cubic": number(0.044715),
    "factor": number(math.sqrt(2 / math.pi)),
}

GELU_TANH = [
    node("Mul", ["s", "factor"], "w"),
    node("Tanh", ["w"], "t"),
    node("Add", ["one", "t"], "gate"),
    node("Mul", ["half", "x"], "h"),
    node("Mul", ["h", "gate"], "y"),
]

COMPOSED = {
    ("Swish", "sigmoid"): [node("Sigmoid", ["x"], "g"), node("Mul", ["g", "x"], "y")],
    ("HardSwish", "hardsigmoid"): [
        node("HardSigmoid", ["x"], "g", alpha=0.16666667, beta=0.5),
        node("Mul", ["x", "g"], "y"),
    ],
    ("HardSwish", "clip"): [
        node("Add", ["x", "three"], "a"),
        node("Clip", ["a", "zero", "six"], "g"),
        node("Mul", ["x", "g"], "p"),
        node("Div", ["p", "six"], "y"),
    ],
    ("HardSwish", "clip and divided first"): [
        node("Add", ["three", "x"], "a"),
        node("Clip", ["a", "zero", "six"], "g"),
        node("Div", ["g", "six"], "q"),
        node("Mul", ["q", "x"], "y"),
    ],
    ("HardSwish", "clip times a sixth"): [
        node("Add", ["x", "three"], "a"),
        node("Clip", ["a", "zero", "six"], "g"),
        node("Mul", ["g", "sixth"], "q"),
        node("Mul", ["x", "q"], "y"),
    ],
    ("Mish", "softplus"): [
        node("Softplus", ["x"], "s"),
        node("Tanh", ["s"], "t"),
        node("Mul", ["x", "t"], "y"),
    ],
    ("Gelu", "erf, as PyTorch"): [
        node("Div", ["x", "root"], "d"),
        node("Erf", ["d"], "e"),
        node("Add", ["e", "one"], "gate"),
        node("Mul", ["x", "gate"], "p"),
        node("Mul", ["p", "half"], "y"),
    ],
    ("Gelu", "erf, halved first"): [
        node("Mul", ["x", "inverse"], "d"),
        node("Erf", ["d"], "e"),
        node("Add", ["one", "e"], "gate"),
        node("Mul", ["half", "x"], "h"),
        node("Mul", ["h", "gate"], "y"),
    ],
    ("Gelu", "tanh of a cube"): [
        node("Pow", ["x", "three"], "c"),
        node("Mul", ["c", "cubic"], "k"),
        node("Add", ["x", "k"], "s"),
        *GELU_TANH,
    ],
    ("Gelu", "tanh of products"): [
        node("Mul", ["x", "x"], "q"),
        node("Mul", ["q", "x"], "c"),
        node("Mul", ["cubic", "c"], "k"),
        node("Add", ["k", "x"], "s"),
        *GELU_TANH,
    ],
    ("Gelu", "tanh of a square"): [
        node("Mul", ["x", "x"], "q"),
        node("Mul", ["q", "cubic"], "k"),
        node("Add", ["k", "one"], "m"),
        node("Mul", ["x", "m"], "s"),
        *GELU_TANH,
    ],
}

ALIKE = {
    "sigmoid of another": [
        node("Relu", ["x"], "r"),
        node("Sigmoid", ["r"], "g"),
        node("Mul", ["g", "x"], "y"),
    ],
    "another slope": [
        node("HardSigmoid", ["x"], "g", alpha=0.2, beta=0.5),
        node("Mul", ["x", "g"], "y"),
    ],
    "another bound": [
        node("Add", ["x", "three"], "a"),
        node("Clip", ["a", "zero", "three"], "g"),
        node("Mul", ["x", "g"], "p"),
        node("Div", ["p", "six"], "y"),
    ],
    "another scale": [
        node("Mul", ["x", "half"], "d"),
        node("Erf", ["d"], "e"),
        node("Add", ["one", "e"], "gate"),
        node("Mul", ["half", "x"], "h"),
        node("Mul", ["h", "gate"], "y"),
    ],
    "not halved": [
        node("Mul", ["x", "inverse"], "d"),
        node("Erf", ["d"], "e"),
        node("Add", ["one", "e"], "gate"),
        node("Mul", ["x", "gate"], "y"),
    ],
}


def written(path, nodes, extra=None):
    """Write convolution, nodes from x to y, and a dense layer; return graph and logits."""
    whole = [
        node("Conv", ["input", "kernel"], "x", pads=[1, 1, 1, 1]),
        *nodes,
        node("Flatten", ["y"], "flat"),
        node("Gemm", ["flat", "dense"], "output"),
    ]
    tensors = {"kernel": KERNEL, "dense": DENSE, **NUMBERS, **(extra or {})}
    small_onnx.write(path, whole, tensors, ("N", 3, 5, 5), ("N", 4), version=20)
    model = gcpp.load(path, preprocessing="unit")
    logits = [p.logit for p in sorted(model.predict(PICTURE), key=lambda p: p.index)]
    gradients = model.gradients(PICTURE, "x", 1)
    return gcpp.graph_passes(path), logits, gradients, model.activations(PICTURE, "x")


def definitions(operation, x):
    erf = np.vectorize(math.erf)
    return {
        "Swish": lambda: x / (1 + np.exp(-x)),
        "HardSwish": lambda: x * np.clip(x + 3, 0, 6) / 6,
        "Mish": lambda: x * np.tanh(np.log1p(np.exp(x))),
        "Gelu": lambda: x * (1 + erf(x / math.sqrt(2))) / 2,
        "tanh": lambda: x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2,
    }[operation]()


@pytest.mark.parametrize(("operation", "form"), COMPOSED)
def test_composed_activations(tmp_path, operation, form):
    text, logits, gradients, x = written(tmp_path / "a.onnx", COMPOSED[operation, form])
    end = text.split("after turn channels last")[1]
    # What the activation was made of stays where a layer's name means it, and is not computed.
    assert f"= {operation}(x" in end
    name = "tanh" if "tanh of" in form else operation
    x = x.astype(np.float64).transpose(2, 0, 1)
    expected = definitions(name, x).ravel() @ DENSE
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
    step = 1e-4
    slope = (definitions(name, x + step) - definitions(name, x - step)) / (2 * step)
    wanted = (slope * DENSE[:, 1].reshape(x.shape)).transpose(1, 2, 0)
    smooth = abs(abs(x.transpose(1, 2, 0)) - 3) > 1e-3
    np.testing.assert_allclose(gradients[smooth], wanted[smooth], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("form", ALIKE)
def test_what_looks_alike_stays(tmp_path, form):
    text, _, _, _ = written(tmp_path / "a.onnx", ALIKE[form])
    end = text.split("after turn channels last")[1]
    assert not any(f"= {name}(" in end for name in ("Swish", "HardSwish", "Gelu", "Mish"))


def test_arithmetic_on_channels_is_folded(tmp_path):
    """What tf2onnx leaves of a batch normalisation: one factor and one offset a channel."""
    factors = RANDOM.standard_normal((1, 6, 1, 1)).astype(np.float32)
    offsets = RANDOM.standard_normal((6, 1, 1)).astype(np.float32)
    nodes = [
        node("Mul", ["x", "factors"], "m"),
        node("Add", ["offsets", "m"], "a"),
        node("Relu", ["a"], "y"),
    ]
    path = tmp_path / "a.onnx"
    whole = [
        node("Conv", ["input", "kernel"], "x", pads=[1, 1, 1, 1]),
        *nodes,
        node("Flatten", ["y"], "flat"),
        node("Gemm", ["flat", "dense"], "output"),
    ]
    tensors = {"kernel": KERNEL, "dense": DENSE, "factors": factors, "offsets": offsets}
    small_onnx.write(path, whole, tensors, ("N", 3, 5, 5), ("N", 4))
    end = gcpp.graph_passes(path).split("after turn channels last")[1]
    assert "= Mul(" not in end
    assert "= Add(" not in end
    model = gcpp.load(path, preprocessing="unit")
    assert model.layers == ["a", "y"]
    padded = np.pad(PICTURE / 255, ((1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (0, 1))
    sums = np.einsum("hwcij,ocij->ohw", windows, KERNEL) * factors[0] + offsets
    expected = np.maximum(sums, 0).ravel() @ DENSE
    logits = [p.logit for p in sorted(model.predict(PICTURE), key=lambda p: p.index)]
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        model.activations(PICTURE, "a"), sums.transpose(1, 2, 0), rtol=1e-4, atol=1e-4
    )
