"""Writes `networks/`: one small network by several exporters, and what PyTorch computes with it.

Needs torch, onnx, onnxscript and onnxruntime, which must agree with PyTorch about each file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

FOLDER = Path(__file__).parent / "networks"
SIDE = 24
CLASS = 2
MEAN = np.array((0.485, 0.456, 0.406), np.float32)
DEVIATION = np.array((0.229, 0.224, 0.225), np.float32)


class Chain(nn.Module):
    """Convolutions of 3x3 and 1x1, one strided and normalised, two dense layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(6, 8, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 10, 1),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, padding=1),
        )
        self.classifier = nn.Sequential(
            nn.Linear(90, 12), nn.ReLU(), nn.Dropout(), nn.Linear(12, 5)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.last = self.features[:-1](x)
        return self.classifier(torch.flatten(self.features[-1](self.last), 1))


def network() -> Chain:
    torch.manual_seed(31)
    chain = Chain().eval()
    with torch.no_grad():
        for module in chain.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, 0.1, 0.2)
                nn.init.normal_(module.running_mean, 0, 0.2)
                nn.init.uniform_(module.running_var, 0.5, 2)
    return chain


def picture() -> np.ndarray:
    """A smooth picture with some noise, uint8."""
    random = np.random.default_rng(6)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [np.sin(9 * rows + 2), np.cos(7 * columns), np.sin(5 * rows * columns + 1)]
    levels = 128 + 90 * np.stack(waves, axis=2) + random.normal(0, 12, (SIDE, SIDE, 3))
    return np.clip(levels, 0, 255).astype(np.uint8)


def computed(chain: Chain, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Logits, and the tensor before the last pooling with its gradient of the class."""
    logits = chain(torch.from_numpy(pixels.transpose(2, 0, 1)[np.newaxis]))
    chain.last.retain_grad()
    logits[0, CLASS].backward()
    return {
        "logits": logits[0].detach().numpy(),
        "activations": chain.last[0].detach().numpy().transpose(1, 2, 0),
        "gradients": chain.last.grad[0].numpy().transpose(1, 2, 0),
    }


def layers(chain: Chain, shape: list[int]) -> tuple[list[onnx.NodeProto], list[TensorProto]]:
    """The network by hand, batch normalisation left as it is."""
    tensors = [
        numpy_helper.from_array(value.numpy(), name)
        for name, value in chain.state_dict().items()
        if value.dtype == torch.float32
    ]
    tensors.append(numpy_helper.from_array(np.array(shape, np.int64), "shape"))
    nodes = []

    def add(operator: str, inputs: list[str], **attributes: object) -> None:
        value = f"t{len(nodes)}"
        nodes.append(helper.make_node(operator, inputs, [value], **attributes))

    def last() -> str:
        return nodes[-1].output[0]

    def weights(module: str, *kinds: str) -> list[str]:
        return [f"{module}.{kind}" for kind in kinds]

    add("Conv", ["x", *weights("features.0", "weight", "bias")], pads=[1, 1, 1, 1])
    add("Relu", [last()])
    add("MaxPool", [last()], kernel_shape=[2, 2], strides=[2, 2])
    add("Pad", [last()], pads=[0, 0, 1, 1, 0, 0, 1, 1])
    add("Conv", [last(), "features.3.weight"], strides=[2, 2])
    normalization = weights("features.4", "weight", "bias", "running_mean", "running_var")
    add("BatchNormalization", [last(), *normalization], epsilon=1e-5)
    add("Relu", [last()])
    add("Conv", [last(), *weights("features.6", "weight", "bias")], kernel_shape=[1, 1])
    add("Relu", [last()])
    add("MaxPool", [last()], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    add("Reshape", [last(), "shape"])
    add("Gemm", [last(), *weights("classifier.0", "weight", "bias")], transB=1)
    add("Relu", [last()])
    add("Dropout", [last()], ratio=0.5)
    add("Gemm", [last(), *weights("classifier.3", "weight", "bias")], transB=1)
    add("Softmax", [last()], axis=1)
    return nodes, tensors


def save(
    name: str,
    nodes: list[onnx.NodeProto],
    tensors: list[TensorProto],
    x: list[object],
) -> None:
    """Opset 9 in IR 3, whose initialisers are inputs as well."""
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, x)]
    inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors]
    outputs = [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, [None, 5])]
    graph = helper.make_graph(nodes, name, inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 9)])
    model.ir_version = 3
    onnx.save(model, FOLDER / f"{name}.onnx")


def write_by_hand(chain: Chain) -> None:
    nodes, tensors = layers(chain, [0, -1])
    save("old", nodes, tensors, [1, 3, SIDE, SIDE])
    constants = [helper.make_node("Constant", [], [t.name], value=t) for t in tensors]
    save("constants", constants + nodes, [], [None, 3, SIDE, SIDE])
    turn = helper.make_node("Transpose", ["x"], ["turned"], perm=[0, 3, 1, 2])
    nodes[0].input[0] = "turned"
    save("nhwc", [turn, *nodes], tensors, ["unk__1", SIDE, SIDE, 3])


def write_exports(chain: Chain) -> None:
    x = torch.rand(1, 3, SIDE, SIDE)
    torch.onnx.export(
        chain,
        (x,),
        FOLDER / "torchscript.onnx",
        opset_version=17,
        dynamo=False,
        input_names=["x"],
        dynamic_axes={"x": {0: "batch"}},
    )
    torch.onnx.export(chain, (x,), FOLDER / "dynamo.onnx", dynamo=True)
    model = onnx.load(FOLDER / "dynamo.onnx", load_external_data=False)
    for node in model.graph.node:
        # Where in the exporter's sources a node was made.
        kept = [entry for entry in node.metadata_props if "stack_trace" not in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    onnx.save(model, FOLDER / "dynamo.onnx")


def check(path: Path, colors: np.ndarray, expected: dict[str, np.ndarray]) -> None:
    """ONNX Runtime computes the same; some files end in a softmax."""
    session = onnxruntime.InferenceSession(path)
    first_axes = colors[np.newaxis]
    tensor = first_axes if path.stem == "nhwc" else first_axes.transpose(0, 3, 1, 2)
    (found,) = session.run(None, {session.get_inputs()[0].name: tensor})
    logits = expected["logits"]
    wanted = logits
    if path.stem in ("old", "constants", "nhwc"):
        wanted = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(found[0], wanted, atol=1e-5)


def main() -> None:
    chain = network()
    write_exports(chain)
    write_by_hand(chain)
    pixels = picture()
    scaled = pixels.astype(np.float32) / 255
    colors = {"torchvision": (scaled - MEAN) / DEVIATION, "tensorflow": scaled * 2 - 1}
    results = {"picture": pixels}
    for name, values in colors.items():
        expected = computed(chain, values)
        for path in FOLDER.glob("*.onnx"):
            if (path.stem == "nhwc") == (name == "tensorflow"):
                check(path, values, expected)
        results |= {f"{name}_{key}": value for key, value in expected.items()}
    np.savez_compressed(FOLDER / "expected.npz", **results)


if __name__ == "__main__":
    main()
