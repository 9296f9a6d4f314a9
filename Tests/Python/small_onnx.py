"""ONNX files of a few nodes, written by hand: protobuf's wire format is short."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
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


def attribute(name: str, values: list[int]) -> bytes:
    """Write an attribute of several integers."""
    return field(1, name) + b"".join(field(8, value) for value in values) + field(20, 7)


def node(operation: str, inputs: list[str], output: str, **attributes: list[int]) -> bytes:
    """Write a node, which is named like its output."""
    parts = [field(1, name) for name in inputs]
    parts += [field(2, output), field(3, output), field(4, operation)]
    parts += [field(5, attribute(name, values)) for name, values in attributes.items()]
    return b"".join(parts)


def tensor(name: str, array: npt.NDArray[Any]) -> bytes:
    """Write a tensor of float32."""
    data = struct.pack(f"<{array.size}f", *array.ravel().tolist())
    extents = b"".join(field(1, extent) for extent in array.shape)
    return extents + field(2, 1) + field(8, name) + field(9, data)


def value(name: str, extents: tuple[int, ...]) -> bytes:
    """Write what an input or an output is."""
    shape = b"".join(field(1, field(1, extent)) for extent in extents)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def write(
    path: Path,
    nodes: list[bytes],
    tensors: dict[str, npt.NDArray[np.float32]],
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
) -> None:
    """Write a file whose input is `input` and whose output is `output`."""
    parts = [field(1, each) for each in nodes] + [field(2, "small")]
    parts += [field(5, tensor(name, array)) for name, array in tensors.items()]
    parts += [field(11, value("input", input_shape)), field(12, value("output", output_shape))]
    model = field(1, 8) + field(7, b"".join(parts)) + field(8, field(2, 13))
    path.write_bytes(model)
