"""What an ONNX file says, line by line, by the `onnx` package.

The Swift tests write the same lines of what the library reads (`ONNXListing.swift`).
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import onnx
from onnx import AttributeProto, TensorProto, inliner, numpy_helper

FORMATS = range(3, 13)
OPERATORS = range(7, 25)
TYPES = {
    TensorProto.FLOAT: "float32",
    TensorProto.UINT8: "uint8",
    TensorProto.INT8: "int8",
    TensorProto.UINT16: "uint16",
    TensorProto.INT16: "int16",
    TensorProto.INT32: "int32",
    TensorProto.INT64: "int64",
    TensorProto.BOOL: "bool",
    TensorProto.FLOAT16: "float16",
    TensorProto.DOUBLE: "float64",
    TensorProto.UINT32: "uint32",
    TensorProto.UINT64: "uint64",
    TensorProto.BFLOAT16: "bfloat16",
}


class RefusedError(Exception):
    """The file needs what the library does not read; the text is part of its sentence."""


def listing(path: Path) -> list[str]:
    """Lines about a file; one line `refused|WORDS` if the library must refuse it."""
    model = onnx.load(path, load_external_data=False)
    try:
        return [line.replace("\n", "\\n") for line in _model(model, path.parent)] + [
            _inlined(model)
        ]
    except RefusedError as words:
        return [f"refused|{words}"]


def _model(model: onnx.ModelProto, folder: Path) -> list[str]:
    if model.ir_version not in FORMATS:
        raise RefusedError(f"IR version {model.ir_version}; expected 3 to 12")
    versions = _versions(model.opset_import)
    if "" not in versions:
        raise RefusedError("imports no version of ONNX's own operators")
    if model.training_info:
        raise RefusedError("how to train")
    lines = [f"format|{model.ir_version}"]
    lines += [f"producer|{model.producer_name}|{model.producer_version}"]
    lines += [f"operators|{domain}|{version}" for domain, version in sorted(versions.items())]
    lines += sorted(f"metadata|{entry.key}|{entry.value}" for entry in model.metadata_props)
    functions = [line for function in model.functions for line in _function(function, folder)]
    graph = model.graph
    if graph.sparse_initializer:
        raise RefusedError("sparse")
    given = {tensor.name for tensor in graph.initializer}
    for value in graph.input:
        line = _value("input", value)
        lines += [line] if value.name not in given else []
    lines += [_value("output", value) for value in graph.output]
    for tensor in graph.initializer:
        lines.append(f"initializer|{tensor.name}|{_tensor(tensor, folder)}")
    for node in graph.node:
        lines += _node(node, versions, folder)
    return lines + functions


def _versions(imports: list[onnx.OperatorSetIdProto]) -> dict[str, int]:
    versions = {_domain(entry.domain): entry.version for entry in imports}
    if versions.get("", 7) not in OPERATORS:
        raise RefusedError(f"version {versions['']} of ONNX's own operators; expected 7 to 24")
    return versions


def _domain(name: str) -> str:
    return "" if name == "ai.onnx" else name


def _list(words: list[object]) -> str:
    return "[" + ", ".join(str(word) for word in words) + "]"


def _bits(number: float) -> str:
    return f"{struct.unpack('<I', struct.pack('<f', number))[0]:x}"


def _value(role: str, value: onnx.ValueInfoProto) -> str:
    kind = value.type.WhichOneof("value")
    if kind not in (None, "tensor_type"):
        raise RefusedError("expected a tensor")
    tensor = value.type.tensor_type
    if tensor.elem_type not in (0, *TYPES):
        raise RefusedError("holds elements of type")
    dimensions = "?"
    if tensor.HasField("shape"):
        extents = []
        for extent in tensor.shape.dim:
            known = extent.HasField("dim_value") and extent.dim_value != -1
            extents.append(extent.dim_value if known else extent.dim_param or "?")
        dimensions = _list(extents)
    return f"{role}|{value.name}|{TYPES.get(tensor.elem_type, '?')}|{dimensions}"


def _tensor(tensor: TensorProto, folder: Path) -> str:
    if tensor.data_type not in TYPES:
        raise RefusedError("is of type")
    checksum = zlib.crc32(numpy_helper.to_array(tensor, str(folder)).tobytes())
    return f"{TYPES[tensor.data_type]}|{_list(list(tensor.dims))}|{checksum:x}"


def _node(node: onnx.NodeProto, versions: dict[str, int], folder: Path) -> list[str]:
    domain = _domain(node.domain)
    if domain not in versions:
        raise RefusedError("imports no version")
    name = node.name or next(name for name in node.output if name)
    lines = [
        f"node|{name}|{node.op_type}|{domain}|{node.overload}|{versions[domain]}"
        f"|{_list(list(node.input))}|{_list(list(node.output))}"
    ]
    for entry in node.metadata_props:
        if entry.key == "pkg.torch.onnx.name_scopes":
            lines.append(f"  scopes|{_list(eval(entry.value))}")
    return lines + [_attribute(attribute, folder) for attribute in node.attribute]


def _attribute(attribute: AttributeProto, folder: Path) -> str:
    if attribute.ref_attr_name:
        value = f"reference|{attribute.ref_attr_name}"
    elif attribute.type == AttributeProto.FLOAT:
        value = f"float|{_bits(attribute.f)}"
    elif attribute.type == AttributeProto.INT:
        value = f"integer|{attribute.i}"
    elif attribute.type == AttributeProto.STRING:
        value = f"text|{attribute.s.decode()}"
    elif attribute.type == AttributeProto.TENSOR:
        value = f"tensor|{_tensor(attribute.t, folder)}"
    elif attribute.type == AttributeProto.FLOATS:
        value = f"floats|{_list([_bits(number) for number in attribute.floats])}"
    elif attribute.type == AttributeProto.INTS:
        value = f"integers|{_list(list(attribute.ints))}"
    elif attribute.type == AttributeProto.STRINGS:
        value = f"texts|{_list([text.decode() for text in attribute.strings])}"
    else:
        value = "unread"
    return f"  attribute|{attribute.name}|{value}"


def _function(function: onnx.FunctionProto, folder: Path) -> list[str]:
    versions = _versions(function.opset_import)
    lines = [f"function|{function.domain}|{function.name}|{function.overload}"]
    lines += [f"  inputs|{_list(list(function.input))}"]
    lines += [f"  outputs|{_list(list(function.output))}"]
    lines += [f"  attributes|{_list(list(function.attribute))}"]
    lines += [_attribute(attribute, folder) for attribute in function.attribute_proto]
    return lines + [line for node in function.node for line in _node(node, versions, folder)]


def _inlined(model: onnx.ModelProto) -> str:
    """The operators in order with all functions written out, or why that is refused."""
    nodes = inliner.inline_local_functions(model).graph.node if model.functions else None
    nodes = model.graph.node if nodes is None else nodes
    unread = {
        AttributeProto.GRAPH,
        AttributeProto.GRAPHS,
        AttributeProto.TENSORS,
        AttributeProto.SPARSE_TENSOR,
        AttributeProto.SPARSE_TENSORS,
        AttributeProto.TYPE_PROTO,
        AttributeProto.TYPE_PROTOS,
    }
    for node in nodes:
        if _domain(node.domain):
            return "inlined|refused|is of a set of operators that is not read"
        if any(attribute.type in unread for attribute in node.attribute):
            return "inlined|refused|expected a node that computes tensors"
    return f"inlined|{' '.join(node.op_type for node in nodes)}"
