"""Write the small JPEG files of `jpeg/` and what Pillow decodes them to.

usage: python make_jpeg_fixtures.py

Needs Pillow, NumPy, libjpeg-turbo's `cjpeg` (unusual subsampling, arithmetic coding) and
`libturbojpeg` (YCCK). The picture is drawn here. `jpeg/expected.txt` gets one line for each file,
those of `images/` included: path, height, width and the FNV-1a hash (64 bits, hexadecimal) of the
upright RGB bytes.
"""

from __future__ import annotations

import ctypes
import io
import struct
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

GOLDENS = Path(__file__).parent
FOLDER = GOLDENS / "jpeg"
ORIENTATION = 274


def picture(height: int, width: int) -> Image.Image:
    """Smooth ramps with noise, different in every corner."""
    rows, columns = np.mgrid[0:height, 0:width]
    ramps = np.stack([rows * 5, columns * 4, rows * columns], -1) % 256
    noise = np.random.RandomState(0).randint(-20, 20, ramps.shape)
    return Image.fromarray(np.clip(ramps + noise, 0, 255).astype(np.uint8))


def encode(image: Image.Image, mode: str = "RGB", **options: object) -> bytes:
    """Encode with Pillow."""
    file = io.BytesIO()
    image.convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


def cjpeg(image: Image.Image, *options: str) -> bytes:
    """Encode with libjpeg-turbo's command."""
    file = io.BytesIO()
    image.save(file, "PPM")
    command = ["cjpeg", *options]
    return subprocess.run(command, input=file.getvalue(), capture_output=True, check=True).stdout


def ycck(image: Image.Image) -> bytes:
    """Encode four inks as YCCK, which neither Pillow nor cjpeg does."""
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    inks = 255 - np.asarray(image.convert("CMYK"))
    handle = ctypes.c_void_p(library.tjInitCompress())
    out, size = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_ulong()
    cmyk_pixels, subsampling_420, quality = 11, 2, 80
    status = library.tjCompress2(
        handle, inks.tobytes(), image.width, 0, image.height, cmyk_pixels,
        ctypes.byref(out), ctypes.byref(size), subsampling_420, quality, 0,
    )  # fmt: skip
    assert status == 0
    return bytes(out[: size.value])


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    """Insert a segment right after the start-of-image marker."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def without_segment(jpeg: bytes, marker: int) -> bytes:
    """Remove the first segment with a marker."""
    start = jpeg.index(bytes([0xFF, marker]))
    return jpeg[:start] + jpeg[start + 2 + struct.unpack(">H", jpeg[start + 2 : start + 4])[0] :]


def tiff(order: str, *entries: tuple[int, int, int, bytes], tail: bytes = b"") -> bytes:
    """A TIFF structure with one directory of (tag, type, count, four bytes)."""
    head = (b"II\x2a\x00" if order == "<" else b"MM\x00\x2a") + struct.pack(order + "L", 8)
    body = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack(order + "HHL", tag, kind, count) + value.ljust(4, b"\0")
    return head + body + struct.pack(order + "L", 0) + tail


def exif(jpeg: bytes, structure: bytes) -> bytes:
    """Insert an Exif segment."""
    return with_segment(jpeg, 0xE1, b"Exif\0\0" + structure)


def xmp(jpeg: bytes, text: str) -> bytes:
    """Insert an XMP segment."""
    return with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + text.encode())


def fixtures() -> dict[str, bytes]:
    """Every file by name."""
    image, small = picture(45, 61), picture(11, 19)
    plain = encode(small)
    files = {
        "grey": encode(image, "L"),
        "grey_progressive": encode(image, "L", progressive=True),
        "colour_444": encode(image, subsampling=0),
        "colour_422": encode(image, subsampling=1),
        "colour_420": encode(image, subsampling=2),
        "colour_440": cjpeg(image, "-sample", "1x2"),
        "colour_411": cjpeg(image, "-sample", "4x1"),
        "colour_3x1": cjpeg(image, "-sample", "3x1"),
        "colour_2x2_2x1_1x2": cjpeg(image, "-sample", "2x2,2x1,1x2"),
        "colour_rgb": encode(image, keep_rgb=True),
        "colour_quality_30": encode(image, quality=30),
        "colour_restarts": encode(image, restart_marker_blocks=3),
        "colour_arithmetic": cjpeg(image, "-arithmetic"),
        "progressive_420": encode(image, progressive=True),
        "progressive_444": encode(image, progressive=True, subsampling=0),
        "cmyk": encode(image, "CMYK"),
        "cmyk_without_adobe": without_segment(encode(image, "CMYK"), 0xEE),
        "ycck_420": ycck(image),
        "size_1x1": encode(picture(1, 1)),
        "size_1x17": encode(picture(1, 17)),
        "size_17x1": encode(picture(17, 1)),
        "size_15x33": encode(picture(15, 33)),
        "flaw_bytes_before_end": plain[:-2] + b"junk" + plain[-2:],
        "flaw_bytes_after_end": plain + b"junk",
    }
    for value in range(10):
        for order, name in (("<", "little"), (">", "big")):
            entry = (ORIENTATION, 3, 1, struct.pack(order + "H", value))
            files[f"exif_{value}_{name}"] = exif(plain, tiff(order, entry))
    six = struct.pack("<H", 6)
    right = tiff("<", (ORIENTATION, 3, 1, six))
    far = struct.pack("<L", 8 + 2 + 12 + 4)
    files |= {
        "exif_long": exif(plain, tiff("<", (ORIENTATION, 4, 1, struct.pack("<L", 8)))),
        "exif_signed": exif(plain, tiff(">", (ORIENTATION, 8, 1, struct.pack(">h", -6)))),
        "exif_signed_byte": exif(plain, tiff(">", (ORIENTATION, 6, 1, b"\x05"))),
        "exif_byte": exif(plain, tiff("<", (ORIENTATION, 1, 1, b"\x06"))),
        "exif_two_values": exif(plain, tiff("<", (ORIENTATION, 3, 2, six + b"\x03\0"))),
        "exif_far_values": exif(plain, tiff("<", (ORIENTATION, 3, 3, far), tail=six * 3)),
        "exif_far_outside": exif(plain, tiff("<", (ORIENTATION, 3, 3, b"\xff\xff\xff\x7f"))),
        "exif_twice": exif(
            plain, tiff("<", (ORIENTATION, 3, 1, b"\x03"), (ORIENTATION, 3, 1, six))
        ),
        "exif_cut": exif(plain, right[:-8]),
        "exif_repeated_prefix": exif(plain, b"Exif\0\0" + right),
        "exif_split": exif(exif(plain, right[12:]), right[:12]),
        "exif_wild_directory": exif(plain, right[:4] + b"\xff\xff\xff\xff" + right[8:]),
        "xmp_attribute": xmp(plain, '<rdf:Description tiff:Orientation="6"/>'),
        "xmp_element": xmp(plain, "<tiff:Orientation>8</tiff:Orientation>"),
        "xmp_after_exif": exif(
            xmp(plain, 'tiff:Orientation="6"'), tiff("<", (ORIENTATION, 3, 1, b"\x03"))
        ),
    }
    return files


def fnv1a(data: bytes) -> int:
    """The 64-bit FNV-1a hash."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def main() -> None:
    """Write every file, and the list of what they decode to."""
    FOLDER.mkdir(exist_ok=True)
    for name, data in fixtures().items():
        (FOLDER / f"{name}.jpg").write_bytes(data)
    lines = []
    for path in sorted([*FOLDER.glob("*.jpg"), *(GOLDENS / "images").glob("*.jpg")]):
        upright = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        pixels = fnv1a(np.asarray(upright).tobytes())
        name = path.relative_to(GOLDENS).as_posix()
        lines.append(f"{name} {upright.height} {upright.width} {pixels:016x}\n")
    (FOLDER / "expected.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
