"""PNG and TIFF files of 16 and 32 bits a channel, which Pillow cannot write."""

import struct
import zlib

import numpy as np


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png, kind, data):
    """Insert a chunk before the pixels."""
    at = png.index(b"IDAT") - 4
    return png[:at] + chunk(kind, data) + png[at:]


def png16(values, *, interlaced=False):
    """Encode uint16 (height, width, 2 to 4), each row with the next of the five filters."""
    height, width, channels = values.shape
    color_type = {2: 4, 3: 2, 4: 6}[channels]
    # Adam7: first row, first column, row step, column step of each pass.
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]
    passes = [*passes, (1, 0, 2, 1)] if interlaced else [(0, 0, 1, 1)]
    rows = b"".join(_filtered(values[y::dy, x::dx]) for y, x, dy, dx in passes)
    header = struct.pack(">IIBBBBB", width, height, 16, color_type, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _filtered(values):
    if 0 in values.shape:
        return b""
    step = 2 * values.shape[2]
    data = np.ascontiguousarray(values, dtype=">u2").view(np.uint8).reshape(len(values), -1)
    above = np.zeros(data.shape[1], dtype=int)
    rows = []
    for number, row in enumerate(data.astype(int)):
        left = np.concatenate([np.zeros(step, dtype=int), row[:-step]])
        corner = np.concatenate([np.zeros(step, dtype=int), above[:-step]])
        estimate = left + above - corner
        to_left, to_above, to_corner = (np.abs(estimate - v) for v in (left, above, corner))
        paeth = np.where(
            (to_left <= to_above) & (to_left <= to_corner),
            left,
            np.where(to_above <= to_corner, above, corner),
        )
        predicted = (0, left, above, (left + above) // 2, paeth)[number % 5]
        rows.append(bytes([number % 5]) + ((row - predicted) % 256).astype(np.uint8).tobytes())
        above = row
    return b"".join(rows)


def tiff(values, *, compressed=False, order="<", bits=16, extra=2):
    """Encode unsigned (height, width, channels); a fourth channel is of the kind `extra`."""
    height, width, channels = values.shape
    data = values.astype(f"{order}u{bits // 8}").tobytes()
    data = zlib.compress(data) if compressed else data
    entries = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [bits] * channels),
        259: ("H", [8 if compressed else 1]),
        262: ("H", [2 if channels > 1 else 1]),
        273: ("I", [0]),
        277: ("H", [channels]),
        278: ("I", [height]),
        279: ("I", [len(data)]),
    }
    if channels == 4:
        entries[338] = ("H", [extra])
    start = 8 + 2 + 12 * len(entries) + 4
    outside = struct.pack(f"{order}{channels}H", *[bits] * channels)
    entries[273] = ("I", [start + len(outside)])
    directory = struct.pack(f"{order}H", len(entries))
    for tag, (kind, numbers) in entries.items():
        packed = struct.pack(f"{order}{len(numbers)}{kind}", *numbers).ljust(4, b"\0")
        if len(packed) > 4:
            packed = struct.pack(f"{order}I", start)
        directory += struct.pack(f"{order}HHI", tag, 3 if kind == "H" else 4, len(numbers)) + packed
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(f"{order}I", 8) + directory + b"\0" * 4 + outside + data
