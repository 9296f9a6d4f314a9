"""Maps of any network over one's own picture, by the library's own rules."""

import math

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.pictures.resizing import resized
from PIL import Image


def slowly(values, height, width):
    """One number after the other, as `LinearResize.swift` says it."""

    def at(row, column):
        inside = 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
        return float(values[row, column]) if inside else 0.0

    found = np.empty((height, width))
    for i in range(height):
        y = (i + 0.5) * values.shape[0] / height - 0.5
        for j in range(width):
            x = (j + 0.5) * values.shape[1] / width - 0.5
            above, below = (
                (1 - (x - math.floor(x))) * at(row, math.floor(x))
                + (x - math.floor(x)) * at(row, math.ceil(x))
                for row in (math.floor(y), math.ceil(y))
            )
            value = (1 - (y - math.floor(y))) * above + (y - math.floor(y)) * below
            found[i, j] = min(max(value, values.min()), values.max())
    return found.astype(np.float32)


@pytest.mark.parametrize(
    ("source", "target"),
    [((7, 7), (31, 20)), ((1, 1), (5, 4)), ((3, 5), (3, 5)), ((9, 4), (2, 3)), ((2, 3), (600, 7))],
)
def test_resizing_equals_its_slow_twin(source, target):
    values = np.random.default_rng(1).random(source)
    rows, numbers = zip(*resized(values, *target), strict=True)
    assert [each.start for each in rows] == list(range(0, target[0], 256))
    np.testing.assert_array_equal(np.concatenate(numbers), slowly(values, *target))


@pytest.fixture(scope="module")
def seen(photo):
    """A picture of the size of the network's input, so that it is not resized."""
    return photo[:64, 30:94].copy()


def test_maps_are_resized_as_the_librarys_own(model, seen):
    e = model.explain(seen)
    ((_, numbers),) = resized(e.cam.astype(np.float64), 64, 64)
    # The library enlarges the map before it is rounded to float32.
    np.testing.assert_allclose(numbers, e.heatmap, atol=1e-7)


@pytest.mark.parametrize("colormap", list(gcpp.colormaps()))
@pytest.mark.parametrize("alpha", [0.3, 0.01, 1])
def test_the_overlay_is_that_of_an_explanation(model, seen, alpha, colormap):
    e = model.explain(seen)
    expected = e.overlay(alpha, colormap)
    found = gcpp.overlay(seen, e.heatmap, alpha=alpha, colormap=colormap)
    np.testing.assert_array_equal(found, expected)
    by_cam = gcpp.overlay(seen, e.cam, alpha, colormap)
    # A colour may be the next one where the number lies at the border of both.
    assert np.mean(by_cam != expected) < 1e-3


def test_a_whole_photo_upright_and_of_its_own_size(tmp_path):
    photo = np.random.default_rng(2).integers(0, 256, (300, 411, 3), dtype=np.uint8)
    values = np.random.default_rng(3).random((7, 9)).astype(np.float32)
    expected = gcpp.overlay(photo, values)
    assert (expected.shape, expected.dtype) == (photo.shape, np.uint8)
    turned = Image.fromarray(np.rot90(photo))  # and its orientation says so
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "x.png", exif=exif)
    np.testing.assert_array_equal(gcpp.overlay(tmp_path / "x.png", values), expected)
    jet = np.concatenate([numbers for _, numbers in resized(values.astype(float), 300, 411)])
    blend = 0.7 * photo / 255 + 0.3 * np.array([[color(each) for each in row] for row in jet]) / 255
    assert np.abs(expected - blend * 255).max() <= 1 + 1e-9  # a rounded down level


def color(value):
    """JET as the 2018 program has it; see `ColorMaps.swift`."""
    place = 255 - math.floor(255 * (1 - float(value)))
    red = 1 if place == 96 else min(4 * place - 382, 1148 - 4 * place)
    levels = red, min(4 * place - 128, 892 - 4 * place), min(4 * place + 128, 638 - 4 * place)
    return [min(max(level, 0), 255) for level in levels]


def test_maps_of_other_types(photo):
    values = np.array([[0, 1], [1, 0]])
    expected = gcpp.overlay(photo, values.astype(np.float32))
    for kind in (np.float64, np.float16, np.int64, np.uint8, bool):
        np.testing.assert_array_equal(gcpp.overlay(photo, values.astype(kind)), expected)
    np.testing.assert_array_equal(gcpp.overlay(photo, values.tolist()), expected)
    rounded = np.where(values, 1.0009, -0.0009)
    np.testing.assert_array_equal(gcpp.overlay(photo, rounded), expected)


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ([[0, 2.5]], ValueError, r"map holds numbers from 0 to 2\.5, expected \[0, 1\]: take its"),
        ([[-1, 1]], ValueError, "map holds numbers from -1 to 1"),
        ([[np.nan, 1]], ValueError, "map holds numbers from nan"),
        ([[np.inf, 1]], ValueError, "to inf"),
        (np.zeros((1, 7, 7)), ValueError, r"shape \(1, 7, 7\).*: take one map with \[0\]"),
        (np.zeros(7), ValueError, r"shape \(7,\), expected rows and columns"),
        (np.zeros((0, 7)), ValueError, r"shape \(0, 7\)"),
        (np.zeros((2, 2), complex), TypeError, "map is of complex128"),
        ("x", TypeError, "map is of <U1"),
        ([[1, 2], [3]], TypeError, "map is no array"),
    ],
)
def test_wrong_maps(photo, values, kind, words):
    with pytest.raises(kind, match=words) as raised:
        gcpp.overlay(photo, values)
    assert isinstance(raised.value, gcpp.GradCAMError)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"alpha": 0}, "alpha is 0"), ({"alpha": 1.5}, "alpha is 1.5"), ({"colormap": "x"}, "x")],
)
def test_wrong_ways_to_draw(photo, arguments, words):
    with pytest.raises(gcpp.InvalidArgumentError, match=words):
        gcpp.overlay(photo, [[1.0]], **arguments)
