"""Make the hostile .jpg files of this folder; README.md names what each one tries.

Run it in this folder. The files are written marker by marker (ITU-T T.81, annex B).
"""

import struct
from pathlib import Path

BASELINE, PROGRESSIVE, ARITHMETIC, ARITHMETIC_PROGRESSIVE = 0xC0, 0xC2, 0xC9, 0xCA
DC, AC = 0, 1


def segment(marker, contents):
    """A marker with its contents and their length."""
    return struct.pack(">BBH", 0xFF, marker, len(contents) + 2) + contents


def start(frame, height, width, components, restarts=0):
    """Everything before the first scan; codes of one bit, which mean nothing or a run of 32767."""
    quantization = segment(0xDB, b"\0" + bytes([1] * 64))
    parts = bytes(part for name in range(components) for part in (name + 1, 0x11, 0))
    header = segment(frame, struct.pack(">BHHB", 8, height, width, components) + parts)
    # One code of one bit in each table: a mean's difference of 0 bits, or a run of blocks.
    symbols = {DC: 0x00, AC: 0x00 if frame == BASELINE else 0xE0}
    tables = b"".join(
        segment(0xC4, bytes([kind << 4, 1] + [0] * 15 + [symbol]))
        for kind, symbol in symbols.items()
    )
    interval = segment(0xDD, struct.pack(">H", restarts)) if restarts else b""
    return b"\xff\xd8" + quantization + header + tables + interval


def scan(components, data, first=0, last=0):
    """A scan over all or one of the components."""
    parts = bytes(part for name in components for part in (name, 0))
    header = bytes([len(components)]) + parts + bytes([first, last, 0])
    return segment(0xDA, header) + data


END = b"\xff\xd9"


def blocks(height, width):
    """Blocks of 8 x 8 pixels."""
    return -(-height // 8) * -(-width // 8)


def means(height, width):
    """Bits 0: every block as grey as the one before it."""
    return bytes(-(-blocks(height, width) // 8))


def main():
    """Write all files."""
    all_three = [1, 2, 3]
    side = 11_585
    # Runs of 32767 blocks, the code 0 and 14 bits; 512 x 512 pixels are 4096 blocks.
    grey = start(PROGRESSIVE, 512, 512, 1) + scan([1], means(512, 512))
    run = b"\x7f\xfe"
    scans = b"".join(scan([1], run, 1 + index % 63, 1 + index % 63) for index in range(500))
    large = start(PROGRESSIVE, 2048, 2048, 1) + scan([1], means(2048, 2048))
    hidden = segment(0x02, b"")[:2] + struct.pack(">H", len(scans) + 2)
    files = {
        "progressive_without_data": start(PROGRESSIVE, side, side, 3) + scan(all_three, bytes(16)),
        "baseline_without_data": start(BASELINE, side, side, 3) + scan(all_three, bytes(16), 0, 63),
        "arithmetic_without_data": start(ARITHMETIC, side, side, 3)
        + scan(all_three, bytes(16), 0, 63),
        "arithmetic_progressive_without_data": start(ARITHMETIC_PROGRESSIVE, side, side, 3)
        + scan(all_three, bytes(16)),
        "separate_scans_without_data": start(BASELINE, side, side, 3)
        + b"".join(scan([name], bytes(16), 0, 63) for name in all_three),
        "progressive_500_scans": grey + scans,
        "progressive_scans_behind_a_length": start(PROGRESSIVE, 512, 512, 1, restarts=1)
        + scan([1], means(512, 512) + hidden)
        + scans,
        "progressive_empty_scan": large + scan([1], b"", 1, 63),
    }
    for name, contents in files.items():
        Path(name + ".jpg").write_bytes(contents + END)


if __name__ == "__main__":
    main()
