"""Cases of ONNX's conformance corpus, as networks that take pictures.

A case is a model, its inputs and what must come out. The library's networks have one input, a
picture, so a case's first input becomes a constant that is added to zeros made of a picture; all
other inputs become constants.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnx.backend.test.case.node
from onnx import helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

Array = npt.NDArray[Any]

#: The newest operator set that the library reads.
NEWEST = 24
#: What `pytorch-converted` and `pytorch-operator` hold is older than what it reads.
OLDEST = 7

#: Operators that treat the pictures of a batch apart: those over cells and channels, and those
#: over single numbers.
APART = {
    *("AveragePool", "BatchNormalization", "Conv", "ConvTranspose", "DepthToSpace"),
    *("GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "GroupNormalization"),
    *("InstanceNormalization", "LRN", "LpPool", "MaxPool", "Pad", "Resize", "SpaceToDepth"),
    *("Upsample", "Abs", "Add", "Celu", "Clip", "Div", "Elu", "Erf", "Exp", "Gelu", "HardSigmoid"),
    *("HardSwish", "Identity", "LeakyRelu", "Log", "Max", "Min", "Mish", "Mul", "Neg", "PRelu"),
    *("Pow", "Reciprocal", "Relu", "Selu", "Sigmoid", "Softplus", "Sqrt", "Sub", "Sum", "Swish"),
    "Tanh",
}


class UntranslatableError(Exception):
    """A model that cannot be written in an operator set that the library reads."""


@dataclass(frozen=True)
class Case:
    """One case."""

    name: str
    model: Any
    #: Numbers for the inputs that have none in the file, by name, in order.
    inputs: dict[str, Array]
    outputs: list[Array]

    @property
    def operators(self) -> set[str]:
        """Names of the operators."""
        return {node.op_type for node in self.model.graph.node}

    def __str__(self) -> str:
        return self.name


def cases() -> Iterator[Case]:
    """All cases whose inputs and outputs are float32 numbers, at least two axes of them."""
    for case in onnx.backend.test.case.node.collect_testcases():
        yield from _usable(case.name, case.model, case.data_sets)
    for kind in ("pytorch-converted", "pytorch-operator", "simple"):
        for case in load_model_tests(kind=kind):
            folder = Path(case.model_dir)
            model = onnx.load(folder / "model.onnx")
            sets = [_data_set(path) for path in sorted(folder.glob("test_data_set_*"))]
            yield from _usable(f"{kind}-{folder.name}", model, sets)
    light = Path(onnx.backend.test.__file__).parent / "data" / "light"
    for path in sorted(light.glob("*.onnx")):
        model = onnx.load(path)
        stored = {tensor.name for tensor in model.graph.initializer}
        (value,) = (value for value in model.graph.input if value.name not in stored)
        extents = [axis.dim_value for axis in value.type.tensor_type.shape.dim]
        count = int(np.prod(extents))
        numbers = (np.arange(count).reshape(extents) / count).astype(np.float32)
        expected = _array(light / f"{path.stem}_output_0.pb")
        yield from _usable(path.stem, model, [([numbers], [expected])])


def _data_set(folder: Path) -> tuple[list[Array], list[Array]]:
    def arrays(kind: str) -> list[Array]:
        count = len(list(folder.glob(f"{kind}_*.pb")))
        return [_array(folder / f"{kind}_{place}.pb") for place in range(count)]

    return arrays("input"), arrays("output")


def _array(path: Path) -> Array:
    tensor = onnx.TensorProto()
    try:
        tensor.ParseFromString(path.read_bytes())
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, onnx.onnx_cpp2py_export.checker.ValidationError):
        # A sequence or a map of them.
        return np.empty(0)


def _usable(name: str, model: Any, sets: list[Any]) -> Iterator[Case]:
    if any(node.domain not in ("", "ai.onnx") for node in model.graph.node):
        return
    stored = {tensor.name for tensor in model.graph.initializer}
    names = [value.name for value in model.graph.input if value.name not in stored]
    for place, (inputs, outputs) in enumerate(sets):
        if not inputs or len(inputs) != len(names):
            continue
        first = inputs[0]
        floats_only = all(
            isinstance(array, np.ndarray) and array.dtype == np.float32 and array.size
            for array in [first, *outputs]
        )
        if floats_only and np.isfinite(first).all() and 1 <= first.ndim <= 5:
            name = name if len(sets) == 1 else f"{name}-{place}"
            yield Case(name, model, dict(zip(names, inputs, strict=True)), list(outputs))


def pictures(case: Case) -> Iterator[Case]:
    """Each picture of a case's batch by itself; nothing where pictures cannot be told apart."""
    first = next(iter(case.inputs.values()))
    if first.ndim == 1 and case.operators <= APART:
        # One picture of so many channels.
        case = Case(
            case.name,
            case.model,
            {
                name: array[np.newaxis] if array.shape == first.shape else array
                for name, array in case.inputs.items()
            },
            [output[np.newaxis] for output in case.outputs],
        )
        first = first[np.newaxis]
    batch = first.shape[0]
    if batch == 1 or not case.operators <= APART:
        if batch == 1 and first.ndim >= 2:
            yield case
        return
    if any(output.ndim == 0 or output.shape[0] != batch for output in case.outputs):
        return
    for place in range(batch):
        part = slice(place, place + 1)
        inputs = {
            name: array[part] if array.shape == first.shape else array
            for name, array in case.inputs.items()
        }
        outputs = [output[part] for output in case.outputs]
        yield Case(f"{case.name}-{place}", case.model, inputs, outputs)


def network(case: Case, output: str, extents: tuple[int, ...], *, is_last: bool) -> Any:
    """Make a network that adds zeros of a picture to the first input and ends with an output.

    Raises `UntranslatableError`.
    """
    model = _translated(case.model)
    version = next(each.version for each in model.opset_import if each.domain in ("", "ai.onnx"))
    (name, data), *others = case.inputs.items()
    before = _zeros(data.ndim, version)
    before.append(helper.make_node("Add", ["corpus_zeros", "corpus_data"], [name]))
    behind = [] if is_last else [helper.make_node("Flatten", [output], ["corpus_flat"], axis=1)]
    filter_ = np.zeros((data.shape[1], 3, 1, 1), np.float32)
    tensors = [
        numpy_helper.from_array(filter_, "corpus_filter"),
        numpy_helper.from_array(data, "corpus_data"),
        *(numpy_helper.from_array(np.asarray(array), key) for key, array in others),
        *model.graph.initializer,
    ]
    result = "corpus_flat" if behind else output
    graph = helper.make_graph(
        [*before, *model.graph.node, *behind],
        "corpus",
        [helper.make_tensor_value_info("corpus_picture", onnx.TensorProto.FLOAT, [1, 3, 4, 4])],
        [
            helper.make_tensor_value_info(
                result, onnx.TensorProto.FLOAT, [1, int(np.prod(extents[1:]))]
            )
        ],
        tensors,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)])
    made.ir_version = 10
    return made


def _zeros(rank: int, version: int) -> list[Any]:
    """Nodes that make `corpus_zeros`, (1, C, 1…) of `rank` axes, of the picture."""
    nodes = [
        helper.make_node("Relu", ["corpus_picture"], ["corpus_seen"]),
        helper.make_node("GlobalAveragePool", ["corpus_seen"], ["corpus_mean"]),
    ]
    if rank == 4:
        return [
            *nodes,
            helper.make_node("Conv", ["corpus_mean", "corpus_filter"], ["corpus_zeros"]),
        ]
    nodes.append(helper.make_node("Conv", ["corpus_mean", "corpus_filter"], ["corpus_four"]))
    if rank == 2:
        return [*nodes, helper.make_node("Flatten", ["corpus_four"], ["corpus_zeros"])]
    operator = "Squeeze" if rank == 3 else "Unsqueeze"
    # The last axis of four goes, or a fifth comes.
    axis = 3 if rank == 3 else 4
    inputs = ["corpus_four"] if version < 13 else ["corpus_four", "corpus_axis"]
    attributes = {"axes": [axis]} if version < 13 else {}
    if version >= 13:
        constant = numpy_helper.from_array(np.array([axis]), "corpus_axis")
        nodes.append(helper.make_node("Constant", [], ["corpus_axis"], value=constant))
    return [*nodes, helper.make_node(operator, inputs, ["corpus_zeros"], **attributes)]


def _translated(model: Any) -> Any:
    """Bring a model to an operator set from 7 to 24."""
    version = next(each.version for each in model.opset_import if each.domain in ("", "ai.onnx"))
    if OLDEST <= version <= NEWEST:
        return model
    if version < OLDEST:
        try:
            return onnx.version_converter.convert_version(model, 13)
        except Exception as reason:
            raise UntranslatableError(str(reason).splitlines()[0]) from reason
    lowered = onnx.ModelProto()
    lowered.CopyFrom(model)
    for each in lowered.opset_import:
        each.version = min(each.version, NEWEST)
    lowered.ir_version = min(lowered.ir_version, 12)
    try:
        onnx.checker.check_model(lowered)
    except onnx.checker.ValidationError as reason:
        raise UntranslatableError(f"it needs operator set {version}") from reason
    return lowered
