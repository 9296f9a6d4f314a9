"""VGG16 as an ONNX file, for the engines that read one."""

from pathlib import Path

from .files import cached
from .network import INPUT, LOGITS
from .vgg16 import BLOCKS, channels_first_weights


def onnx_model() -> Path:
    """Path of the ONNX file."""
    return cached("vgg16.onnx", _write)


def _write(path: Path) -> None:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = channels_first_weights()
    nodes, constants = [], []
    tensor = INPUT

    def node(kind: str, name: str, **attributes: object) -> None:
        """Append a node that reads the tensor made last, and the layer's weights if it has any."""
        nonlocal tensor
        inputs = [tensor]
        if name in weights and kind != "Relu":
            for part, values in zip(("weights", "biases"), weights[name], strict=True):
                constants.append(numpy_helper.from_array(values, f"{name}/{part}"))
                inputs.append(f"{name}/{part}")
        output = LOGITS if name == "fc8" else f"{name}/{kind}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        tensor = output

    for block, count in BLOCKS.items():
        for i in range(1, count + 1):
            node("Conv", f"conv{block}_{i}", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
            node("Relu", f"conv{block}_{i}")
        node("MaxPool", f"pool{block}", kernel_shape=[2, 2], strides=[2, 2])
    node("Flatten", "flat", axis=1)
    for name in ("fc6", "fc7"):
        node("Gemm", name, transB=1)
        node("Relu", name)
    node("Gemm", "fc8", transB=1)

    graph = helper.make_graph(
        nodes,
        "vgg16",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, 3, 224, 224])],
        [helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, [1, 1000])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, path)
