"""The part of a picture that is seen, and its resizing, are those of published pipelines."""

import math

import gradcampp_swift as gcpp
import numpy as np
import pytest
from PIL import Image

SIDE = 64
"""Of the input of the small network."""

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def picture(height, width, seed=0):
    random = np.random.default_rng(seed)
    noise = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    smooth = np.add.outer(np.arange(height) * 3, np.arange(width) * 2)[..., np.newaxis] % 256
    return np.where(random.random((height, width, 1)) < 0.5, noise, smooth).astype(np.uint8)


def resized(image, width, height, name):
    """What Pillow before version 13 gives: columns first, whatever the picture's proportions."""
    columns = Image.fromarray(image).resize((width, image.shape[0]), FILTERS[name])
    return np.asarray(columns.resize((width, height), FILTERS[name]))


def seen(weights, image, crop="center", **settings):
    colors = gcpp.Preprocessing("RGB", 1 / 255, **settings)
    return gcpp.load(weights, preprocessing=colors, crop=crop).explain(image)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("size", [(300, 451), (97, 64), (SIDE, SIDE), (1, 1), (9, 700)])
def test_whole_pictures(weights, name, size):
    image = picture(*size)
    explanation = seen(weights, image, "squash", resample=name)
    np.testing.assert_array_equal(explanation.input, resized(image, SIDE, SIDE, name))


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(("size", "top", "left", "side"), [((300, 451), 19, 95, 262)])
def test_cut_then_resized(weights, name, size, top, left, side):
    """EfficientNet's evaluation: int(224 / 256 * short), and (n - side + 1) // 2 before it."""
    image = picture(*size)
    explanation = seen(weights, image, crop_fraction=224 / 256, resample=name)
    cut = image[top : top + side, left : left + side]
    np.testing.assert_array_equal(explanation.input, resized(cut, SIDE, SIDE, name))
    assert explanation.source_area == (*size, top, left, side, side)


def resized_then_cut(image, size, name):
    """torchvision's Resize(size) and CenterCrop(SIDE)."""
    height, width = image.shape[:2]
    short = min(height, width)
    wide, high = int(size * width / short), int(size * height / short)
    top, left = round((high - SIDE) / 2), round((wide - SIDE) / 2)
    return resized(image, wide, high, name)[top : top + SIDE, left : left + SIDE]


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("fraction", [0.875, 0.9, 0.95, 1, 64 / 66])
@pytest.mark.parametrize("size", [(300, 451), (333, 150), (256, 256)])
def test_resized_then_cut(weights, name, fraction, size):
    image = picture(*size)
    config = {"crop_pct": fraction, "interpolation": name}
    model = gcpp.load(weights, preprocessing=gcpp.Preprocessing.timm(config))
    explanation = model.explain(image)
    larger = math.floor(SIDE / fraction + 1e-9)
    expected = resized_then_cut(image, larger, name)
    np.testing.assert_array_equal(explanation.input, expected)
    area = explanation.source_area
    assert area[:2] == size
    for start, extent, whole in zip(area[2:4], area[4:], size, strict=True):
        scale = whole / int(larger * whole / min(size))
        assert abs(extent - SIDE * scale) <= 1
        assert abs(start + extent / 2 - whole / 2) <= 1 + scale


def test_squashed_resized_then_cut(weights):
    image = picture(300, 451)
    settings = {"crop_fraction": 0.9, "resample": "bicubic", "resize_first": True}
    explanation = seen(weights, image, "squash", **settings)
    expected = resized(image, 71, 71, "bicubic")[4:68, 4:68]
    np.testing.assert_array_equal(explanation.input, expected)


def test_padded_pictures_have_bars_of_the_mean(weights):
    image = picture(100, 200)
    settings = {"mean": (0.2, 0.4, 0.6), "resample": "bicubic"}
    explanation = seen(weights, image, "pad", **settings)
    padded = np.empty((200, 200, 3), np.uint8)
    padded[:] = (51, 102, 153)
    padded[50:150] = image
    np.testing.assert_array_equal(explanation.input, resized(padded, SIDE, SIDE, "bicubic"))


def test_the_default_sees_what_the_2018_program_sees(weights):
    image = picture(300, 451)
    default = gcpp.load(weights, preprocessing="unit")
    assert default.preprocessing == gcpp.Preprocessing("RGB", 1 / 255)
    assert default.preprocessing.resample == "skimage"
    first = seen(weights, image, resize_first=True).input
    np.testing.assert_array_equal(first.shape, (SIDE, SIDE, 3))
    whole = default.explain(image).input
    assert np.abs(first.astype(int) - whole).mean() > 0  # the rows differ by part of a pixel
    square = picture(256, 256)
    np.testing.assert_array_equal(
        seen(weights, square, resize_first=True).input, default.explain(square).input
    )


def test_timm_configurations(weights):
    other = gcpp.Preprocessing.timm({"pretrained_cfg": {"mean": (0.5, 0.5, 0.5), "crop_pct": 1.0}})
    assert (other.mean, other.crop_fraction) == ((0.5, 0.5, 0.5), 1)
    assert other.resize_first
    model = gcpp.load(weights, preprocessing=other)
    assert model.preprocessing == other
    with pytest.raises(gcpp.InvalidArgumentError, match="load with crop='squash'"):
        gcpp.Preprocessing.timm({"crop_mode": "squash"})
    with pytest.raises(gcpp.InvalidArgumentError, match="crop_mode is 'border'"):
        gcpp.Preprocessing.timm({"crop_mode": "border"})
    with pytest.raises(gcpp.WrongTypeError, match="expected a mapping"):
        gcpp.Preprocessing.timm("resnet50")


@pytest.mark.parametrize(
    ("values", "kind", "says"),
    [
        ({"crop_fraction": 0}, ValueError, "above 0"),
        ({"crop_fraction": 1.5}, ValueError, "at most 1"),
        ({"crop_fraction": "1"}, TypeError, "expected a number"),
        ({"resample": "nearest"}, ValueError, "one of skimage, bilinear, bicubic, lanczos"),
        ({"resize_first": 1}, TypeError, "True or False"),
    ],
)
def test_impossible_values(values, kind, says):
    with pytest.raises(kind, match=says) as raised:
        gcpp.Preprocessing(**values)
    assert isinstance(raised.value, gcpp.GradCAMError)


def test_a_padded_picture_is_seen_whole(weights):
    for values in ({"crop_fraction": 0.5}, {"resize_first": True}):
        with pytest.raises(gcpp.InvalidArgumentError, match='crop is "pad"'):
            gcpp.load(weights, preprocessing=gcpp.Preprocessing(**values), crop="pad")
