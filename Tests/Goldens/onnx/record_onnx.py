"""Writes the ONNX files of this folder and, beside each, what the `onnx` package reads in it.

    python record_onnx.py             # the files
    python record_onnx.py FOLDER      # a corpus in a new folder: every model that the package holds

Needs torch, onnx and onnxscript. PyTorch's random numbers may differ between versions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from listing import listing
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from torch import nn

HERE = Path(__file__).parent


class Block(nn.Module):
    """Convolution, batch normalisation, sum, ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(channels)
        self.act = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(self.bn(self.conv(x)) + x)


class Residual(nn.Module):
    """Two blocks between a strided convolution and a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2)
        self.layer1 = nn.Sequential(Block(8), Block(8))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.layer1(torch.relu(self.stem(x)))
        return self.fc(torch.flatten(self.pool(x), 1))


def write_exports(folder: Path) -> None:
    """One network by both exporters of PyTorch."""
    torch.manual_seed(2018)
    network = Residual().eval()
    picture = torch.rand(1, 3, 16, 16)
    for version in (13, 17):
        torch.onnx.export(
            network,
            (picture,),
            folder / f"torchscript_{version}.onnx",
            opset_version=version,
            dynamo=False,
            input_names=["picture"],
            output_names=["logits"],
            dynamic_axes={"picture": {0: "batch"}, "logits": {0: "batch"}},
        )
    torch.onnx.export(network, (picture,), folder / "dynamo.onnx", dynamo=True)
    symbolic = {0: torch.export.Dim("batch"), 2: torch.export.Dim("height")}
    torch.onnx.export(
        network,
        (picture,),
        folder / "dynamo_symbolic.onnx",
        dynamo=True,
        optimize=False,
        external_data=False,
        dynamic_shapes=(symbolic,),
    )
    for path in folder.glob("dynamo*.onnx"):
        model = onnx.load(path, load_external_data=False)
        for node in model.graph.node:
            # Where in the exporter's sources a node was made.
            kept = [entry for entry in node.metadata_props if "stack_trace" not in entry.key]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        onnx.save(model, path)


def save(
    folder: Path, name: str, graph: onnx.GraphProto, format_version: int, version: int
) -> None:
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", version)], producer_name="record_onnx"
    )
    model.ir_version = format_version
    onnx.save(model, folder / f"{name}.onnx")


def write_old(folder: Path) -> None:
    """As older zoos have them: initialisers are inputs as well, numbers are listed."""
    random = np.random.default_rng(3)
    weights = random.standard_normal((4, 3, 3, 3), np.float32)
    biases = random.standard_normal(4, np.float32)
    tensors = [
        helper.make_tensor("conv_w", TensorProto.FLOAT, weights.shape, weights.ravel()),
        helper.make_tensor("conv_b", TensorProto.FLOAT, biases.shape, biases),
        helper.make_tensor("shape", TensorProto.INT64, (2,), (0, -1)),
        helper.make_tensor("half", TensorProto.FLOAT16, (2,), (0.5, -2)),
        helper.make_tensor("double", TensorProto.DOUBLE, (1, 2), (0.1, -2)),
    ]
    inputs = [helper.make_tensor_value_info("data", TensorProto.FLOAT, (1, 3, 8, 8))]
    inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors]
    nodes = [
        helper.make_node("Conv", ["data", "conv_w", "conv_b"], ["conv"], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["conv"], ["relu"]),
        helper.make_node("LRN", ["relu"], ["norm"], size=5, alpha=1e-4, beta=0.75, bias=1.0),
        helper.make_node("Dropout", ["norm"], ["drop", "mask"], ratio=0.5),
        helper.make_node("Reshape", ["drop", "shape"], ["flat"]),
        helper.make_node("Softmax", ["flat"], ["prob"], axis=1),
    ]
    outputs = [helper.make_tensor_value_info("prob", TensorProto.FLOAT, (1, 144))]
    save(folder, "old", helper.make_graph(nodes, "old", inputs, outputs, tensors), 3, 9)


def write_quantised(folder: Path) -> None:
    """Whole-number weights with the scales that make numbers of them; constants in nodes."""
    random = np.random.default_rng(4)
    tensors = [
        numpy_helper.from_array(random.integers(-127, 128, (4, 3, 1, 1), np.int8), "w_q"),
        numpy_helper.from_array(random.random(4, np.float32) / 64, "w_scale"),
        numpy_helper.from_array(np.zeros(4, np.int8), "w_zero"),
        numpy_helper.from_array(random.integers(-999, 999, 4, np.int32), "b_q"),
        numpy_helper.from_array(np.float32(1 / 128), "x_scale"),
        numpy_helper.from_array(np.uint8(128), "x_zero"),
    ]
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "x_scale", "x_zero"], ["x_q"]),
        helper.make_node("DequantizeLinear", ["x_q", "x_scale", "x_zero"], ["x_d"]),
        helper.make_node("DequantizeLinear", ["w_q", "w_scale", "w_zero"], ["w"], axis=0),
        helper.make_node("Constant", [], ["b_scale"], value_floats=[0.25, 0.5, 1, 2]),
        helper.make_node("DequantizeLinear", ["b_q", "b_scale"], ["b"], axis=0),
        helper.make_node("Conv", ["x_d", "w", "b"], ["y"], name="conv"),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("N", 3, None, None))]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, "quantised", inputs, outputs, tensors)
    save(folder, "quantised", graph, 9, 19)


def write_functions(folder: Path) -> None:
    """Operators that the file defines, one within the other."""
    versions = [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)]
    slope = helper.make_node("LeakyRelu", ["v"], ["w"])
    slope.attribute.append(
        onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT)
    )
    leaky = helper.make_function("local", "Leaky", ["v"], ["w"], [slope], versions, ["slope"])
    body = [
        helper.make_node("Leaky", ["a"], ["t"], name="first", domain="local", slope=0.5),
        helper.make_node("Leaky", ["t"], ["u"], domain="local", slope=0.25),
        helper.make_node("Add", ["u", "b"], ["sum"]),
    ]
    twice = helper.make_function("local", "Twice", ["a", "b"], ["sum"], body, versions)
    nodes = [
        helper.make_node("Twice", ["x", "x"], ["t"], name="one", domain="local"),
        helper.make_node("Twice", ["t", "x"], ["y"], name="two", domain="local"),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, (2, 2))]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, (2, 2))]
    model = helper.make_model(
        helper.make_graph(nodes, "functions", inputs, outputs),
        opset_imports=versions,
        functions=[leaky, twice],
        producer_name="record_onnx",
    )
    model.ir_version = 10
    onnx.save(model, folder / "functions.onnx")


def corpus() -> Iterator[tuple[str, onnx.ModelProto]]:
    """Names and models of the package's own cases, also with versions that the library reads."""
    data = Path(onnx.__file__).parent / "backend" / "test" / "data"
    for path in sorted(data.rglob("*.onnx")):
        yield "_".join(path.relative_to(data).with_suffix("").parts), onnx.load(path)
    for case in collect_testcases(None):
        if case.model is not None:
            yield case.name, case.model


def write_corpus(folder: Path) -> None:
    for name, model in corpus():
        onnx.save(model, folder / f"{name}.onnx")
        model.ir_version = min(model.ir_version, 12)
        for part in (model, *model.functions):
            for entry in part.opset_import:
                if not entry.domain:
                    entry.version = min(max(entry.version, 7), 24)
        onnx.save(model, folder / f"{name}.within.onnx")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    if folder == HERE:
        write_exports(folder)
        write_old(folder)
        write_quantised(folder)
        write_functions(folder)
    else:
        folder.mkdir(parents=True)
        write_corpus(folder)
    for path in sorted(folder.glob("*.onnx")):
        path.with_suffix(".txt").write_text("\n".join(listing(path)) + "\n")


if __name__ == "__main__":
    main()
