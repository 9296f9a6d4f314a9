"""Which files Pillow may open for us, and what happens to those it may not."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import encoders
import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.pictures.reading import as_image
from PIL import Image, TiffImagePlugin


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def picture(photo):
    Image.init()
    return Image.fromarray(photo)


EPS = (
    b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\n"
    b"0 0 20 20 rectfill\nshowpage\n%%EOF\n"
)


@pytest.fixture
def ghostscript(tmp_path, monkeypatch):
    """A stand-in for Ghostscript that leaves a trace when it is started."""
    trace = tmp_path / "started"
    program = tmp_path / "bin" / "gs"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho >> '{trace}'\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return trace


def test_no_picture_starts_ghostscript(ghostscript, tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(EPS)
    code = (
        "import sys, io\n"
        "from PIL import Image\n"
        "from gradcampp_swift.pictures.reading import as_image\n"
        "path = sys.argv[1]\n"
        "pictures = [path, open(path, 'rb').read()]\n"
        "try: pictures.append(Image.open(path))\n"
        "except Exception: pass\n"
        "for picture in pictures:\n"
        "    try: as_image(picture)\n"
        "    except ValueError as error: print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {"BadDataError"}
    assert not ghostscript.exists()


@pytest.mark.parametrize("kind", ["EPS", "PDF", "MSP", "SPIDER", "ICNS"])
def test_other_formats_are_refused(picture, kind):
    source = {"MSP": picture.convert("1"), "SPIDER": picture.convert("F")}.get(kind, picture)
    data = encoded(source, kind)
    with pytest.raises(gcpp.BadDataError, match="not a picture of a known format, expected"):
        as_image(data)


def test_pil_images_of_other_formats(picture):
    bits = picture.convert("1")
    image = Image.open(io.BytesIO(encoded(bits, "MSP")))
    with pytest.raises(gcpp.BadDataError, match="the format MSP is not decoded"):
        as_image(image)
    image.load()
    np.testing.assert_array_equal(as_image(image).pixels(), np.asarray(bits.convert("RGB")))


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "AVIF", "TGA", "JPEG2000", "PCX", "SGI", "DDS"])
def test_formats_that_are_read(picture, kind):
    if kind not in Image.SAVE:
        pytest.skip(f"this Pillow has no {kind}")
    data = encoded(picture, kind)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    np.testing.assert_array_equal(as_image(data).pixels(), expected)
    np.testing.assert_array_equal(as_image(Image.open(io.BytesIO(data))).pixels(), expected)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize(
    "broken", [b"II*\0\xff\xff\xff\x7f" + b"\xff" * 30, b"no EXIF at all", b"II"]
)
def test_broken_exif_is_ignored(picture, kind, broken):
    if kind == "PNG":
        data = encoders.with_chunk(encoded(picture, kind), b"eXIf", broken)
    else:
        data = encoded(picture, kind, lossless=True, exif=b"Exif\0\0" + broken)
    np.testing.assert_array_equal(as_image(data).pixels(), np.asarray(picture))


def test_exif_that_cannot_be_parsed_is_ignored(picture, monkeypatch):
    from PIL import ImageOps

    def fail(image):
        raise SyntaxError("not a TIFF file")

    monkeypatch.setattr(ImageOps, "exif_transpose", fail)
    np.testing.assert_array_equal(as_image(encoded(picture, "PNG")).pixels(), np.asarray(picture))


# ---- One wording for sizes -----------------------------------------------------------------


def _header(width, height):
    png = encoders.png16(np.zeros((1, 1, 3), dtype=np.uint16))
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return png[:8] + encoders.chunk(b"IHDR", size + png[24:29]) + png[33:]


@pytest.mark.parametrize(("width", "height"), [(0, 0), (7, 0), (20000, 10000), (1 << 31, 1)])
def test_sizes_that_cannot_be_used(width, height):
    says = (
        rf"a picture of {height} x {width} pixels \(height x width\) cannot be used; "
        "1 to 134217728 pixels are expected"
    )
    with pytest.raises(gcpp.BadDataError, match=says):
        as_image(_header(width, height))
    if width < 1 << 31:
        with pytest.raises(gcpp.BadDataError, match=says):
            as_image(np.broadcast_to(np.uint8(0), (height, width, 3)))


def test_other_formats_of_hundreds_of_megapixels(picture):
    data = bytearray(encoded(picture, "BMP"))
    data[18:26] = (30000).to_bytes(4, "little") * 2
    with pytest.raises(gcpp.BadDataError, match="1 to 134217728 pixels are expected"):
        as_image(bytes(data))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE html><html><head>", "an HTML page; the download went wrong"),
        (b"\n  <html lang='en'>", "an HTML page"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "a PNG that is damaged"),
        (b"GIF89a\x05\0\x05\0\0\0\0;", "a GIF that is damaged"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG; render it"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "a HEIC; convert it"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 99, "a video or an unknown ISO container"),
        (b"\0" * 128 + b"DICM" + b"\0" * 99, "a DICOM file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS"),
        (b"PK\x03\x04" + b"\0" * 99, "a ZIP archive"),
        (b"II*\0\x08\0\0\0\0\0", "a TIFF of a kind that Pillow does not decode"),
    ],
)
def test_what_files_look_like_is_said(data, says):
    with pytest.raises(gcpp.BadDataError) as raised:
        as_image(data)
    assert f": it looks like {says}" in str(raised.value)
    assert "not a picture of a known format, expected one of AVIF, " in str(raised.value)


def test_a_jpeg_behind_other_bytes(picture):
    with pytest.raises(gcpp.BadDataError, match="looks like a JPEG behind bytes that do not"):
        as_image(b"\r\n" + encoded(picture, "JPEG"))


def test_a_preview_is_no_picture(picture):
    """The first page of a camera's raw file is a small copy, and says so."""
    data = io.BytesIO()
    small = picture.resize((16, 12))
    with TiffImagePlugin.AppendingTiffWriter(data, True) as pages:
        small.save(pages, "TIFF", tiffinfo={254: 1})
        pages.newFrame()
        picture.save(pages, "TIFF")
        pages.newFrame()
    with pytest.raises(gcpp.BadDataError, match="is a preview of 12 x 16 pixels"):
        as_image(data.getvalue())
    image = Image.open(data)
    with pytest.raises(gcpp.BadDataError, match="is a preview"):
        as_image(image)
    image.seek(1)
    np.testing.assert_array_equal(as_image(image).pixels(), np.asarray(picture.convert("RGB")))
    alone = io.BytesIO()
    small.save(alone, "TIFF", tiffinfo={254: 1})
    assert as_image(alone.getvalue()).pixels().shape == (12, 16, 3)


def test_one_image_that_is_not_loaded_serves_threads():
    random = np.random.default_rng(7)
    array = random.integers(0, 256, (400, 400, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(array), "PNG")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            image = Image.open(io.BytesIO(data))  # reads the pixels when they are asked for
            for found in pool.map(as_image, [image] * 8):
                np.testing.assert_array_equal(found.pixels(), array)
