"""Every kind of picture, against Pillow's own conversions."""

import io
import struct
import warnings
import zlib

import gradcampp_swift as gcpp
import numpy as np
import pytest
from conftest import GOLDENS
from gradcampp_swift.pictures.reading import as_image
from PIL import Image


def pixels(image):
    return as_image(image).pixels()


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def over_white(image):
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return np.asarray(white.convert("RGB"))


@pytest.fixture(scope="module")
def picture(photo):
    return Image.fromarray(photo)


@pytest.fixture(scope="module")
def with_alpha(picture):
    image = picture.convert("RGBA")
    ramp = np.linspace(0, 255, picture.width * picture.height).astype(np.uint8)
    image.putalpha(Image.fromarray(ramp.reshape(picture.height, picture.width)))
    return image


# ---- Arrays --------------------------------------------------------------------------------


def test_uint8_arrays(photo):
    np.testing.assert_array_equal(pixels(photo), photo)
    np.testing.assert_array_equal(pixels(photo[::-1, ::2]), photo[::-1, ::2])
    grey = photo[:, :, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy advises against it
        matrix = np.matrix(grey)
    np.testing.assert_array_equal(pixels(matrix)[:, :, 1], grey)
    expected = np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    np.testing.assert_array_equal(pixels(grey), expected)
    np.testing.assert_array_equal(pixels(grey[:, :, np.newaxis]), expected)


def test_alpha_array_is_composed_over_white(with_alpha):
    array = np.asarray(with_alpha)
    np.testing.assert_array_equal(pixels(array), over_white(with_alpha))


def test_every_color_with_every_alpha():
    color, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    array = np.stack([color, color, color, alpha], axis=2)
    np.testing.assert_array_equal(pixels(array), over_white(Image.fromarray(array)))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
def test_floats_round_to_the_bytes_they_came_from(photo, dtype):
    np.testing.assert_array_equal(pixels((photo / 255).astype(dtype)), photo)


def test_float_grey_and_alpha(with_alpha):
    array = np.asarray(with_alpha) / 255
    np.testing.assert_array_equal(pixels(array), over_white(with_alpha))
    assert pixels(np.full((3, 2), 0.5)).tolist() == [[[128, 128, 128]] * 2] * 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("beyond", [1e-9, 1e-4, 9e-4])
def test_floats_a_rounding_error_outside_are_clipped(photo, dtype, beyond):
    whole = photo.copy()
    whole[:9], whole[-9:] = 0, 255
    array = (whole / 255 * (1 + 2 * beyond) - beyond).astype(dtype)
    inside = np.clip(array.astype(np.float64), 0, 1)
    np.testing.assert_array_equal(pixels(array), np.rint(inside * 255))
    grey = Image.fromarray(array[:, :, 0].astype(np.float32))
    np.testing.assert_array_equal(pixels(grey)[:, :, 0], pixels(array)[:, :, 0])


def test_pictures_brought_back_from_their_normalisation(photo):
    mean, std = (
        np.array(each, np.float32) for each in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    )
    random = np.random.default_rng(11).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for picture in (photo, random, np.full_like(photo, 255), np.zeros_like(photo)):
        normalised = (picture / np.float32(255) - mean) / std
        for back in (normalised * std + mean, (normalised + mean / std) / (1 / std)):
            np.testing.assert_array_equal(pixels(back.astype(np.float32)), picture)


UNDO = "undo the normalisation by mean and deviation"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 1.0011, "clip what resizing overshot, or divide by what is white"),
        (0, 2, "divide by 255, or pass uint8"),
        (0, 255, "divide by 255, or pass uint8"),
        (-0.1, 1.1, f"{UNDO}, or clip what resizing overshot"),
        (-1, 1, f"{UNDO}, or clip what resizing overshot"),
        (-2.1, 2.6, f"{UNDO}, or divide by 255 and clip"),
    ],
)
def test_floats_farther_outside_are_refused_with_advice(low, high, words):
    array = np.array([[low, high]], np.float32)
    for source in (array, Image.fromarray(array)):
        with pytest.raises(gcpp.InvalidArgumentError) as raised:
            as_image(source)
        assert str(raised.value) == (
            f"image holds floats from {low:g} to {high:g}, expected [0, 1]: {words}"
        )


# ---- Integers wider than 8 bits ------------------------------------------------------------

WIDE = [np.uint16, np.int16, np.int32, np.uint32, np.int64]


def in_every_form(values):
    """Integers as arrays of every type that holds them, and as PIL images."""
    for dtype in WIDE:
        if values.max() <= np.iinfo(dtype).max:
            yield values.astype(dtype)
    yield Image.fromarray(values.astype(np.int32))
    yield Image.fromarray(values.astype(np.uint16))
    yield Image.fromarray(values.astype(np.uint16)).convert("I")


def test_wide_integers_that_can_only_be_of_sixteen_bits():
    for high in (256, 4095, 65535):
        values = np.linspace(0, high, 60).astype(np.int64).reshape(6, 10)
        for source in in_every_form(values):
            np.testing.assert_array_equal(pixels(source)[:, :, 1], np.rint(values / 257))
    colors = np.random.default_rng(3).integers(0, 65536, (5, 4, 3))
    np.testing.assert_array_equal(pixels(colors), np.rint(colors / 257))


def test_wide_integers_that_may_be_of_eight_bits_are_refused_in_every_form(photo):
    grey = Image.fromarray(photo).convert("L")
    for source in (*in_every_form(np.asarray(grey).astype(np.int64)), grey.convert("I")):
        with pytest.raises(gcpp.WrongTypeError, match="which may be of 8 bits or of 16"):
            as_image(source)


def test_dark_files_of_sixteen_bits_are_believed(tmp_path):
    values = np.arange(256, dtype=np.uint16).reshape(16, 16)
    image = Image.fromarray(values)
    expected = np.rint(values / 257)
    for kind in ("PNG", "TIFF"):
        data = encoded(image, kind)
        opened, loaded = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(data))
        loaded.load()
        for source in (data, opened, loaded):
            np.testing.assert_array_equal(pixels(source)[:, :, 1], expected)
    pgm = b"P5 16 16 65535\n" + values.astype(">u2").tobytes()
    np.testing.assert_array_equal(pixels(pgm)[:, :, 1], expected)
    np.testing.assert_array_equal(pixels(Image.open(io.BytesIO(pgm)))[:, :, 1], expected)


@pytest.mark.parametrize("values", [[[-1, 300]], [[0, 65536]], [[0, 1 << 40]]])
def test_integers_beyond_sixteen_bits(values):
    with pytest.raises(gcpp.InvalidArgumentError, match="expected 8 bits, 0 to 255, or 16 bits"):
        as_image(np.array(values))


@pytest.mark.parametrize(
    ("array", "error"),
    [
        (np.full((4, 4, 3), 1.5), ValueError),
        (np.full((4, 4, 3), -0.1), ValueError),
        (np.full((4, 4, 3), np.nan), ValueError),
        (np.full((4, 4, 3), np.inf), ValueError),
        (np.zeros((4, 4, 3), dtype=np.int64), TypeError),
        (np.zeros((4, 4, 3), dtype=bool), TypeError),
        (np.zeros((4, 4, 2), dtype=np.uint8), ValueError),
        (np.zeros((1, 4, 4, 3), dtype=np.uint8), ValueError),
        (np.zeros((0, 4, 3), dtype=np.uint8), ValueError),
        (np.zeros((4, 0), dtype=np.float32), ValueError),
        (np.zeros((), dtype=np.uint8), ValueError),
        (np.broadcast_to(np.uint8(0), (20000, 20000, 3)), ValueError),
    ],
)
def test_wrong_arrays(array, error):
    with pytest.raises(error) as raised:
        as_image(array)
    assert isinstance(raised.value, gcpp.GradCAMError)
    assert "\n" not in str(raised.value)


# ---- Pillow images and files ---------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "CMYK", "YCbCr", "HSV"])
def test_opaque_modes(picture, mode):
    image = picture.convert(mode)
    np.testing.assert_array_equal(pixels(image), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "RGBa", "La"])
def test_transparent_modes(with_alpha, mode):
    image = with_alpha.convert("LA").convert(mode) if mode == "La" else with_alpha.convert(mode)
    plain = image.convert("LA") if mode == "La" else image
    np.testing.assert_array_equal(pixels(image), over_white(plain))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "GIF"])
def test_files_equal_pillow(tmp_path, picture, kind):
    path = tmp_path / "picture"  # no suffix: the content decides
    path.write_bytes(encoded(picture, kind))
    expected = np.asarray(Image.open(path).convert("RGB"))
    for image in (path, str(path), path.read_bytes(), bytearray(path.read_bytes())):
        np.testing.assert_array_equal(pixels(image), expected)
    np.testing.assert_array_equal(pixels(memoryview(path.read_bytes())), expected)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {}),
        ("RGB", {"quality": 40}),
        ("RGB", {"subsampling": 0}),
        ("RGB", {"subsampling": 1}),
        ("RGB", {"quality": 100, "subsampling": 2}),
        ("RGB", {"progressive": True}),
        ("L", {}),
        ("L", {"progressive": True}),
        ("CMYK", {}),
        ("CMYK", {"quality": 40, "progressive": True}),
    ],
)
def test_jpegs_equal_pillow(picture, mode, options):
    data = encoded(picture.convert(mode), "JPEG", **options)
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    np.testing.assert_array_equal(pixels(data), expected)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_orientation(picture, kind, orientation):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(picture, kind, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    np.testing.assert_array_equal(pixels(data), expected)
    assert kind == "TIFF" or expected.shape[0] == (90 if orientation < 5 else 120)
    np.testing.assert_array_equal(pixels(Image.open(io.BytesIO(data))), expected)


def test_sixteen_bits_are_divided_by_257():
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    expected = np.rint(values / 257).astype(np.uint8)
    image = Image.fromarray(values)
    assert image.mode == "I;16"
    for source in (image, encoded(image, "PNG"), encoded(image, "TIFF"), image.convert("I")):
        np.testing.assert_array_equal(pixels(source)[:, :, 1], expected)


def test_thirty_two_bits_without_a_range_are_refused():
    with pytest.raises(ValueError, match="70000"):
        as_image(Image.fromarray(np.full((2, 2), 70000, dtype=np.int32)))


def test_float_images():
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    expected = np.rint(values * 255).astype(np.uint8)
    np.testing.assert_array_equal(pixels(Image.fromarray(values))[:, :, 0], expected)
    with pytest.raises(ValueError, match="2"):
        as_image(Image.fromarray(values * 2))


def test_transparent_palette_and_key_colors(picture):
    palette = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    for data in (
        encoded(palette, "PNG", transparency=3),
        encoded(palette, "PNG", transparency=bytes(range(0, 160, 10))),
        encoded(palette, "GIF", transparency=3),
        encoded(picture, "PNG", transparency=tuple(np.asarray(picture)[0, 0].tolist())),
        encoded(picture.convert("L"), "PNG", transparency=250),
    ):
        image = Image.open(io.BytesIO(data))
        assert "transparency" in image.info
        np.testing.assert_array_equal(pixels(data), over_white(image))


def test_sixteen_bit_key_color():
    values = np.array([[0, 514], [65535, 257]], dtype=np.uint16)
    data = bytearray(encoded(Image.fromarray(values), "PNG"))
    chunk = b"tRNS" + struct.pack(">H", 514)
    at = data.index(b"IDAT") - 4
    data[at:at] = struct.pack(">I", 2) + chunk + struct.pack(">I", zlib.crc32(chunk))
    assert pixels(bytes(data))[:, :, 0].tolist() == [[0, 255], [255, 1]]


def test_first_frame_of_an_animation(picture):
    other = Image.new("RGB", picture.size, "red")
    data = encoded(picture.convert("P"), "GIF", save_all=True, append_images=[other])
    expected = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    np.testing.assert_array_equal(pixels(data), expected)


@pytest.mark.parametrize("path", sorted((GOLDENS / "images").iterdir()), ids=lambda path: path.name)
def test_bundled_pictures(path):
    image = Image.open(path)
    if image.mode.startswith("I"):
        grey = np.rint(np.asarray(image) / 257).astype(np.uint8)
        expected = np.repeat(grey[:, :, np.newaxis], 3, axis=2)
    elif "A" in image.mode or "transparency" in image.info:
        expected = over_white(image)
    else:
        expected = np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(pixels(path), expected)


# ---- Broken and hostile files --------------------------------------------------------------


def _png_header(width, height):
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return b"\x89PNG\r\n\x1a\n" + chunks


def broken_files(picture):
    jpeg = encoded(picture, "JPEG")
    png = encoded(picture, "PNG")
    huge = bytearray(jpeg)
    at = huge.index(b"\xff\xc0")
    huge[at + 5 : at + 9] = struct.pack(">HH", 20000, 20000)
    return {
        "empty": b"",
        "text": b"this is no picture\n" * 20,
        "truncated-jpeg": jpeg[: len(jpeg) // 2],
        "jpeg-start-only": jpeg[:3],
        "truncated-png": png[: len(png) // 2],
        "png-start-only": png[:12],
        "zero-by-zero-png": _png_header(0, 0),
        "zero-high-png": _png_header(5, 0),
        "zero-ppm": b"P6 0 0 255\n",
        "huge-png": _png_header(20000, 20000),
        "large-png": _png_header(12000, 12000),
        "huge-jpeg": bytes(huge),
        "crc-png": png[:40] + b"\xff\xff\xff" + png[43:],
    }


@pytest.mark.parametrize("name", list(broken_files(Image.new("RGB", (9, 9)))))
def test_broken_files(tmp_path, picture, name):
    path = tmp_path / "broken"
    path.write_bytes(broken_files(picture)[name])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(gcpp.GradCAMError) as raised:
            as_image(path)
    assert isinstance(raised.value, ValueError)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


def test_large_picture_below_the_limit_does_not_warn():
    data = encoded(Image.new("1", (11000, 9000)), "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pixels(data).shape == (9000, 11000, 3)


def test_one_pixel(model):
    assert len(model.predict(np.zeros((1, 1, 3), dtype=np.uint8))) == 5


def test_shapes_of_other_programs_get_advice():
    for shape, advice in (((1, 8, 8, 3), "with [0]"), ((3, 8, 8), "numpy.moveaxis(image, 0, -1)")):
        with pytest.raises(gcpp.InvalidArgumentError) as raised:
            as_image(np.zeros(shape, np.uint8))
        assert str(raised.value).endswith(advice)


def test_masked_numbers_are_no_pixels(model):
    """What lies under a mask is whatever was there before."""
    array = np.full((8, 8, 3), 0.5)
    assert np.ma.masked_array(array).shape == array.shape
    np.testing.assert_array_equal(pixels(np.ma.masked_array(array)), pixels(array))
    masked = np.ma.masked_array(array, mask=False)
    masked[:2] = np.ma.masked
    for call in (
        lambda: as_image(masked),
        lambda: gcpp.cam(masked, array),
        lambda: gcpp.cam(array, masked),
        lambda: gcpp.overlay(array, masked[:, :, 0]),
        lambda: gcpp.targets.Output(masked[:, 0, 0]),
        lambda: model.score(masked[None], 0),
    ):
        with pytest.raises(gcpp.InvalidArgumentError, match="numbers are masked, expected none"):
            call()
