"""Shapes that ONNX files compute node by node, outputs and inputs by name, layers of files."""

import pickle

import gradcampp_swift as gcpp
import numpy as np
import pytest
import small_onnx
from gradcampp_swift.command.entry import main
from small_onnx import node, value

RANDOM = np.random.default_rng(4)
KERNEL = RANDOM.standard_normal((8, 3, 3, 3)).astype(np.float32)
DENSE = RANDOM.standard_normal((8 * 6 * 6, 5)).astype(np.float32)
PICTURES = RANDOM.integers(0, 256, (3, 6, 6, 3)).astype(np.uint8)

CONVOLUTION = [
    node("Conv", ["input", "kernel"], "conv", pads=[1, 1, 1, 1]),
    node("Relu", ["conv"], "relu"),
]
"""From (N, 3, 6, 6) to (N, 8, 6, 6)."""


def integers(*values):
    return np.array(values, np.int64)


def write(path, nodes, tensors=None, batch="N", **others):
    tensors = {"kernel": KERNEL, "dense": DENSE, **(tensors or {})}
    shape = (batch, 3, 6, 6)
    others.setdefault("output_shape", (batch, 5))
    small_onnx.write(path, CONVOLUTION + nodes, tensors, shape, **others)
    return gcpp.load(path, preprocessing="unit")


PLAIN = [
    node("Flatten", ["relu"], "flat"),
    node("Gemm", ["flat", "dense"], "output"),
]

SHAPES = {
    # view(x.size(0), -1) of TorchScript.
    "size": [
        node("Shape", ["relu"], "shape"),
        node("Gather", ["shape", "zero"], "batch", axis=0),
        node("Unsqueeze", ["batch", "axes"], "one"),
        node("Concat", ["one", "rest"], "wanted", axis=0),
        node("Reshape", ["relu", "wanted"], "flat"),
    ],
    # view(n, c * h * w).
    "products": [
        node("Shape", ["relu"], "shape"),
        node("Slice", ["shape", "ones", "last"], "extents"),
        node("ReduceProd", ["extents"], "product", keepdims=1),
        node("Slice", ["shape", "zeros", "ones"], "first"),
        node("Concat", ["first", "product"], "wanted", axis=0),
        node("Reshape", ["relu", "wanted"], "flat"),
    ],
    # Expand(x, where(shape == -1, 1, shape)) as exporters write expand(-1, 288).
    "where": [
        node("Flatten", ["relu"], "rows"),
        node("ConstantOfShape", ["two"], "filled"),
        node("Cast", ["filled", "none"][:1], "whole", to=7),
        node("Add", ["whole", "ones"], "all_ones"),
        node("Equal", ["ranks", "minus"], "open"),
        node("Where", ["open", "all_ones", "ranks"], "wanted"),
        node("Mul", ["wanted", "all_ones"], "extents"),
        node("Reshape", ["rows", "extents"], "flat"),
    ],
}
CONSTANTS = {
    "zero": np.array(0, np.int64),
    "zeros": integers(0),
    "ones": integers(1),
    "axes": integers(0),
    "last": integers((1 << 63) - 1),
    "rest": integers(-1),
    "two": integers(2),
    "minus": integers(-1),
    "ranks": integers(-1, 288),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("batch", ["N", 1])
def test_shapes_of_files(tmp_path, name, batch):
    """The network is the one that flattens, for pictures one by one and together."""
    plain = write(tmp_path / "plain.onnx", PLAIN, batch=batch)
    nodes = [*SHAPES[name], node("Gemm", ["flat", "dense"], "output")]
    found = write(tmp_path / "found.onnx", nodes, CONSTANTS, batch)
    text = gcpp.graph_passes(tmp_path / "found.onnx")
    assert "Shape(" not in text.split("after turn channels last")[1]
    for picture in PICTURES:
        for one, other in zip(found.predict(picture), plain.predict(picture), strict=True):
            assert one.index == other.index
            assert one.logit == pytest.approx(other.logit, rel=1e-5)
    maps = zip(found.explain_many(PICTURES), plain.explain_many(PICTURES), strict=True)
    for one, other in maps:
        np.testing.assert_allclose(one.cam, other.cam, atol=1e-5)
        assert one.target.index == other.target.index


def test_arithmetic_on_weights(tmp_path):
    """Weights standardised in the file are those standardised before."""
    mean = KERNEL.mean((1, 2, 3), keepdims=True)
    deviation = np.sqrt(((KERNEL - mean) ** 2).mean((1, 2, 3), keepdims=True) + 1e-5)
    axes = integers(1, 2, 3)
    nodes = [
        node("ReduceMean", ["given"], "mean", axes=axes.tolist()),
        node("Sub", ["given", "mean"], "centered"),
        node("Mul", ["centered", "centered"], "squares"),
        node("ReduceMean", ["squares"], "variance", axes=axes.tolist()),
        node("Add", ["variance", "epsilon"], "more"),
        node("Sqrt", ["more"], "deviation"),
        node("Div", ["centered", "deviation"], "kernel"),
        *CONVOLUTION,
        *PLAIN,
    ]
    tensors = {"given": KERNEL, "dense": DENSE, "epsilon": np.array(1e-5, np.float32)}
    small_onnx.write(tmp_path / "found.onnx", nodes, tensors, (1, 3, 6, 6), (1, 5))
    found = gcpp.load(tmp_path / "found.onnx", preprocessing="unit")
    plain = write(
        tmp_path / "plain.onnx", PLAIN, {"kernel": ((KERNEL - mean) / deviation)}, batch=1
    )
    one, other = (
        [p.logit for p in sorted(model.predict(PICTURES[0]), key=lambda p: p.index)]
        for model in (found, plain)
    )
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_what_depends_on_the_picture_is_refused(tmp_path):
    nodes = [node("NonZero", ["relu"], "places"), node("Gemm", ["places", "dense"], "output")]
    with pytest.raises(gcpp.BadDataError) as raised:
        write(tmp_path / "a.onnx", nodes)
    assert 'node "places" (NonZero) computes with the picture' in str(raised.value)


def test_too_much_is_refused(tmp_path):
    """Each node is small in the file; together they would fill memory."""
    names = [f"large{index}" for index in range(5)]
    nodes = [
        *(node("Expand", ["one", "extents"], name) for name in names),
        PLAIN[0],
        node("Gemm", ["flat", "dense"], "raw"),
        node("Sum", ["raw", *names], "output"),
    ]
    tensors = {"one": np.ones(1, np.float32), "extents": integers(1 << 24)}
    with pytest.raises(gcpp.BadDataError, match="too many that compute large tensors"):
        write(tmp_path / "a.onnx", nodes, tensors)


# ---- Colours ------------------------------------------------------------------------------


def test_grey_pictures(tmp_path):
    """A network of one channel sees the grey of a picture's colours, from 0 to 1."""
    path = tmp_path / "a.onnx"
    tensors = {"kernel": KERNEL[:, :1].copy(), "dense": DENSE}
    small_onnx.write(path, CONVOLUTION + PLAIN, tensors, ("N", 1, 6, 6), ("N", 5))
    model = gcpp.load(path)
    assert model.input_shape == (6, 6, 3)
    assert model.layers == ["conv", "relu"]
    assert "grey from 0 to 1 is assumed" in model.notes[0]
    grey = PICTURES[0] @ np.array([0.299, 0.587, 0.114]) / 255
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(grey, 1), (3, 3))
    expected = np.maximum(np.einsum("hwij,oij->hwo", windows, KERNEL[:, 0]), 0)
    found = model.activations(PICTURES[0], "relu")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


FIRST = {
    "from 0 to 255": ([node("Mul", ["input", "small"], "x")], 255),
    "standardised levels": (
        [node("Sub", ["input", "means"], "centred"), node("Div", ["centred", "deviations"], "x")],
        255,
    ),
    "standardised fractions": (
        [
            node("Sub", ["input", "mean"], "centred"),
            node("Div", ["centred", "deviation"], "x"),
        ],
        1,
    ),
}
ARITHMETIC = {
    "small": np.array(1 / 255, np.float32),
    "mean": np.array([0.485, 0.456, 0.406], np.float32).reshape(1, 3, 1, 1),
    "deviation": np.array([0.229, 0.224, 0.225], np.float32).reshape(1, 3, 1, 1),
}
ARITHMETIC["means"] = ARITHMETIC["mean"] * 255
ARITHMETIC["deviations"] = ARITHMETIC["deviation"] * 255


@pytest.mark.parametrize("form", FIRST)
def test_arithmetic_on_colours_is_found(tmp_path, form):
    nodes, most = FIRST[form]
    path = tmp_path / "a.onnx"
    rest = [
        node("Conv", ["x", "kernel"], "conv", pads=[1, 1, 1, 1]),
        node("Relu", ["conv"], "relu"),
        *PLAIN,
    ]
    tensors = {"kernel": KERNEL, "dense": DENSE, **ARITHMETIC}
    small_onnx.write(path, nodes + rest, tensors, ("N", 3, 6, 6), ("N", 5))
    model = gcpp.load(path)
    assert model.preprocessing == gcpp.Preprocessing("RGB", 1 if most == 255 else 1 / 255)
    assert f"they go in as 0 to {most}" in model.notes[0]
    assert gcpp.load(path, preprocessing="unit").notes == []


# ---- Outputs and inputs -------------------------------------------------------------------


def several(path):
    """Features, logits of 5 classes, and logits of 2."""
    nodes = [
        *PLAIN,
        node("Gemm", ["flat", "other"], "other_logits"),
    ]
    tensors = {"other": DENSE[:, :2]}
    outputs = [value("relu", ("N", 8, 6, 6))]
    more = [value("other_logits", None)]
    return write(path, nodes, tensors, outputs=[*outputs, *more], output_shape=None)


def test_the_output_of_classes_is_found(tmp_path):
    """The file says no extents of the two outputs of classes: they follow from the input."""
    path = tmp_path / "a.onnx"
    model = several(path)
    assert model.output_shape == (2,)
    named = gcpp.load(path, output="output", preprocessing="unit")
    assert named.output_shape == (5,)
    plain = write(tmp_path / "plain.onnx", PLAIN)
    assert named.predict(PICTURES[0]) == plain.predict(PICTURES[0])
    assert pickle.loads(pickle.dumps(named)).output_shape == (5,)
    assert gcpp.load(path, output="relu").output_kind == "map"
    with pytest.raises(gcpp.InvalidArgumentError) as raised:
        gcpp.load(path, output="none")
    message = str(raised.value)
    assert message.endswith(
        'has no output "none"; expected one of "relu", "other_logits", "output"'
    )


def test_only_what_the_output_needs_must_be_served(tmp_path):
    nodes = [*PLAIN, node("NonZero", ["relu"], "places"), node("Unheard", ["relu"], "what")]
    outputs = [value("places", None), value("what", None)]
    assert write(tmp_path / "a.onnx", nodes, outputs=outputs).output_shape == (5,)


def test_other_inputs_are_given(tmp_path):
    nodes = [
        *PLAIN[:1],
        node("Gemm", ["flat", "dense"], "raw"),
        node("Mul", ["raw", "factor"], "scaled"),
        node("Reshape", ["scaled", "extents"], "output"),
    ]
    inputs = [value("factor", (5,)), value("extents", (2,), 7)]
    path = tmp_path / "a.onnx"
    tensors = {"kernel": KERNEL, "dense": DENSE}
    small_onnx.write(path, CONVOLUTION + nodes, tensors, ("N", 3, 6, 6), ("N", 5), inputs=inputs)
    with pytest.raises(
        gcpp.BadDataError, match='the inputs "factor", "extents", "input"'
    ) as raised:
        gcpp.load(path)
    assert "give the others as constants, by name, with inputs" in str(raised.value)
    given = {"factor": np.arange(1, 6), "extents": [-1, 5]}
    model = gcpp.load(path, inputs=given, preprocessing="unit")
    plain = write(tmp_path / "plain.onnx", PLAIN)
    expected = {p.index: p.logit for p in plain.predict(PICTURES[0])}
    for prediction in model.predict(PICTURES[0]):
        wanted = expected[prediction.index] * (prediction.index + 1)
        assert prediction.logit == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    other = pickle.loads(pickle.dumps(model))
    assert other.predict(PICTURES[0]) == model.predict(PICTURES[0])
    record = model._settings.record()
    assert set(record["inputs"]) == {"factor", "extents"}


@pytest.mark.parametrize(
    ("inputs", "kind", "says"),
    [
        ({"x": [1]}, ValueError, 'no input "x" to be given; its inputs are "input"'),
        ([1], TypeError, "expected a mapping"),
        ({"x": "text"}, TypeError, "expected numbers"),
        ({"x": 1.0}, ValueError, "expected 1 to 4"),
        ({1: [1]}, TypeError, "inputs"),
        ({"input": np.zeros((1, 3, 6), np.float32)}, ValueError, "along 4 axes"),
    ],
)
def test_impossible_inputs(tmp_path, inputs, kind, says):
    path = tmp_path / "a.onnx"
    write(path, PLAIN)
    with pytest.raises(kind, match=says) as raised:
        gcpp.load(path, inputs=inputs)
    assert isinstance(raised.value, gcpp.GradCAMError)


def test_other_files_have_no_outputs_by_name(weight_file):
    with pytest.raises(gcpp.InvalidArgumentError, match="is no ONNX file"):
        gcpp.load(weight_file, output="fc8")


# ---- Layers -------------------------------------------------------------------------------


def test_the_command_lists_layers(tmp_path, capsys):
    path = tmp_path / "a.onnx"
    model = several(path)
    assert model.default_layer == "relu"
    assert main(["layers", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["   conv  Conv  6x6x8", "*  relu  Relu  6x6x8"]
    assert "preprocessing torchvision is assumed" in printed.err


def test_the_command_takes_a_size(tmp_path, capsys):
    path = tmp_path / "a.onnx"
    tensors = {"kernel": KERNEL, "dense": DENSE[:8]}
    nodes = [
        *CONVOLUTION,
        node("GlobalAveragePool", ["relu"], "mean"),
        node("Flatten", ["mean"], "flat"),
        node("Gemm", ["flat", "dense"], "output"),
    ]
    small_onnx.write(path, nodes, tensors, ("N", 3, "h", "w"), ("N", 5))
    assert main(["layers", str(path)]) == 1
    assert "input_size" in capsys.readouterr().err
    assert main(["layers", str(path), "--input-size", "9x7"]) == 0
    assert "*  relu  Relu  9x7x8" in capsys.readouterr().out
