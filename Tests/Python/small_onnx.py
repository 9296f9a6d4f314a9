"""ONNX files of a few nodes, written by hand: protobuf's wire format is short."""

import struct
from pathlib import Path
from typing import Any

import numpy.typing as npt


def varint(number: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first."""
    number &= (1 << 64) - 1
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])


def field(number: int, value: int | str | bytes) -> bytes:
    """Write a field of a message: a number, or a text or message with its length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


Attribute = list[int] | int | float | str


def attribute(name: str, values: Attribute) -> bytes:
    """Write an attribute: integers, one of them, a number or a text."""
    if isinstance(values, int):
        return field(1, name) + field(3, values) + field(20, 2)
    if isinstance(values, float):
        return field(1, name) + varint(2 << 3 | 5) + struct.pack("<f", values) + field(20, 1)
    if isinstance(values, str):
        return field(1, name) + field(4, values) + field(20, 3)
    return field(1, name) + b"".join(field(8, value) for value in values) + field(20, 7)


def node(operation: str, inputs: list[str], output: str, **attributes: Attribute) -> bytes:
    """Write a node, which is named like its output."""
    parts = [field(1, name) for name in inputs]
    parts += [field(2, output), field(3, output), field(4, operation)]
    parts += [field(5, attribute(name, values)) for name, values in attributes.items()]
    return b"".join(parts)


def tensor(name: str, array: npt.NDArray[Any]) -> bytes:
    """Write a tensor of float32, or of int64 if the array holds integers."""
    is_integer = array.dtype.kind == "i"
    data = array.astype("<i8" if is_integer else "<f4").tobytes()
    extents = b"".join(field(1, extent) for extent in array.shape)
    return extents + field(2, 7 if is_integer else 1) + field(8, name) + field(9, data)


def value(name: str, extents: tuple[int | str, ...] | None, element: int = 1) -> bytes:
    """Write what an input or an output is; a text is an extent of any size, None says nothing."""
    if extents is None:
        return field(1, name) + field(2, field(1, field(1, element)))
    dimensions = [field(2, each) if isinstance(each, str) else field(1, each) for each in extents]
    shape = b"".join(field(1, each) for each in dimensions)
    return field(1, name) + field(2, field(1, field(1, element) + field(2, shape)))


def write(
    path: Path,
    nodes: list[bytes],
    tensors: dict[str, npt.NDArray[Any]],
    input_shape: tuple[int | str, ...],
    output_shape: tuple[int | str, ...] | None,
    *,
    inputs: list[bytes] | None = None,
    outputs: list[bytes] | None = None,
    version: int = 13,
) -> None:
    """Write a file whose input is `input` and whose output is `output`.

    Further ones, made by `value`, come before them.
    """
    parts = [field(1, each) for each in nodes] + [field(2, "small")]
    parts += [field(5, tensor(name, array)) for name, array in tensors.items()]
    parts += [field(11, each) for each in [*(inputs or []), value("input", input_shape)]]
    parts += [field(12, each) for each in [*(outputs or []), value("output", output_shape)]]
    model = field(1, 8) + field(7, b"".join(parts)) + field(8, field(2, version))
    path.write_bytes(model)
