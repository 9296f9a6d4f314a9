"""16 bits a channel are divided by 257 and rounded, whatever Pillow makes of them."""

import io
import struct

import encoders
import numpy as np
import pytest
from gradcampp_swift.pictures.reading import as_image
from PIL import Image


def pixels(image):
    return as_image(image).pixels()


def expected_rgb(values):
    """The contract, in floating point; alpha over white by Pillow."""
    eight = np.rint(values / 257).astype(np.uint8)
    if values.shape[2] == 2:
        eight = eight[:, :, [0, 0, 0, 1]]
    if eight.shape[2] == 3:
        return eight
    white = Image.new("RGBA", (eight.shape[1], eight.shape[0]), "white")
    white.alpha_composite(Image.fromarray(eight))
    return np.asarray(white.convert("RGB"))


@pytest.fixture(scope="module", params=[2, 3, 4])
def values(request):
    """Every 16-bit value in every channel, in another order in each."""
    random = np.random.default_rng(5)
    channels = [random.permutation(1 << 16) for _ in range(request.param)]
    return np.stack(channels, axis=1).reshape(128, 512, request.param).astype(np.uint16)


@pytest.mark.parametrize("interlaced", [False, True])
def test_png(values, interlaced):
    data = encoders.png16(values, interlaced=interlaced)
    np.testing.assert_array_equal(pixels(data), expected_rgb(values))


def test_png_of_odd_size():
    values = np.random.default_rng(6).integers(0, 1 << 16, (7, 5, 3)).astype(np.uint16)
    for interlaced in (False, True):
        data = encoders.png16(values, interlaced=interlaced)
        np.testing.assert_array_equal(pixels(data), expected_rgb(values))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compressed", [False, True])
def test_tiff(values, order, compressed):
    if values.shape[2] == 2:
        pytest.skip("Pillow reads no TIFF of 16-bit grey with alpha")
    data = encoders.tiff(values, order=order, compressed=compressed)
    np.testing.assert_array_equal(pixels(data), expected_rgb(values))


@pytest.mark.parametrize("compressed", [False, True])
def test_tiff_whose_fourth_channel_means_nothing(compressed):
    values = np.random.default_rng(6).integers(0, 1 << 16, (7, 5, 4)).astype(np.uint16)
    data = encoders.tiff(values, compressed=compressed, extra=0)
    if Image.open(io.BytesIO(data)).mode != "RGB":
        pytest.skip("this Pillow takes it for alpha")
    difference = pixels(data).astype(int) - expected_rgb(values[:, :, :3])
    assert np.abs(difference).max() <= 1


def test_values_that_the_high_byte_gets_wrong():
    values = np.array([[[255, 129, 128], [65535, 65406, 65407]]], dtype=np.uint16)
    assert pixels(encoders.png16(values)).tolist() == [[[1, 1, 0], [255, 254, 255]]]


def test_key_color_is_compared_in_full():
    values = np.array([[[514, 3, 7], [514, 3, 8], [65535, 0, 0]]], dtype=np.uint16)
    data = encoders.with_chunk(encoders.png16(values), b"tRNS", struct.pack(">HHH", 514, 3, 7))
    assert pixels(data).tolist() == [[[255, 255, 255], [2, 0, 0], [255, 0, 0]]]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(values, orientation):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoders.with_chunk(encoders.png16(values), b"eXIf", exif.tobytes()[6:])
    plain = Image.fromarray(expected_rgb(values))
    plain.info["exif"] = exif.tobytes()
    np.testing.assert_array_equal(pixels(data), np.asarray(ImageOps.exif_transpose(plain)))


def test_truncated_files_are_refused(values):
    data = encoders.png16(values)
    with pytest.raises(ValueError, match="cannot be decoded"):
        pixels(data[: len(data) // 2])


def test_thirty_two_bits_are_refused_whatever_their_values():
    values = np.full((3, 4, 1), 200)
    with pytest.raises(ValueError, match="32 bits a channel, expected 8 or 16"):
        pixels(encoders.tiff(values, bits=32))


def test_loaded_pil_images_keep_the_high_byte(values):
    if values.shape[2] != 3:
        pytest.skip("one colour type shows it")
    image = Image.open(io.BytesIO(encoders.png16(values)))
    np.testing.assert_array_equal(pixels(image), values >> 8)
