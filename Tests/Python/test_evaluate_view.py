"""From pixels of a picture to the network's view of it."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.command.evaluate.view import View
from gradcampp_swift.pictures.geometry import SourceArea


def centered(height, width, rows, columns):
    """Make the view of a square input that sees a picture's middle."""
    side = min(height, width)
    area = SourceArea(height, width, (height - side) // 2, (width - side) // 2, side, side)
    return View(area, rows, columns)


def test_same_size_is_the_identity():
    view = centered(224, 224, 224, 224)
    assert view.box((3, 5, 17, 224)) == (3, 5, 17, 224)
    mask = np.random.default_rng(1).integers(0, 4, (224, 224), dtype=np.uint8)
    np.testing.assert_array_equal(view.mask(mask), mask)


def test_enlarged():
    # 2x2 pixels on 6x6: each becomes 3x3
    view = centered(2, 2, 6, 6)
    assert view.box((1, 0, 2, 1)) == (3, 0, 6, 3)
    np.testing.assert_array_equal(
        view.mask(np.array([[1, 2], [3, 4]], np.uint8)),
        np.kron([[1, 2], [3, 4]], np.ones((3, 3))),
    )


def test_reduced_and_cropped():
    # 8 high, 15 wide: columns 3 to 10 are seen, floor(7 / 2) = 3; on 4x4, points 4 6 8 10 | 1 3 5 7
    view = centered(8, 15, 4, 4)
    mask = np.arange(120, dtype=np.uint8).reshape(8, 15)
    np.testing.assert_array_equal(view.mask(mask), mask[1::2, 4:11:2])
    assert view.box((0, 0, 15, 8)) == (0, 0, 4, 4)
    assert view.box((4, 1, 6, 3)) == (0, 0, 1, 1)  # half-open: 6 and 3 are outside
    assert view.box((4.5, 1, 6.5, 3.5)) == (1, 0, 2, 2)
    assert view.box((0, 0, 4, 8)) is None  # beside the crop
    assert view.box((11, 0, 15, 8)) is None
    assert view.box((5, 0, 6, 8)) is None  # between two points
    assert view.box((-50, -50, 500, 500)) == (0, 0, 4, 4)
    tall = centered(15, 8, 4, 4)
    np.testing.assert_array_equal(tall.mask(mask.reshape(15, 8)), mask.reshape(15, 8)[4:11:2, 1::2])


def test_one_pixel():
    assert centered(1, 1, 4, 4).box((0, 0, 1, 1)) == (0, 0, 4, 4)
    assert centered(9, 9, 1, 1).box((4, 4, 5, 5)) == (0, 0, 1, 1)
    assert centered(9, 9, 1, 1).box((5, 5, 9, 9)) is None


def test_a_border_belongs_to_nothing():
    # 2 high, 4 wide, with a row of border above and below.
    view = View(SourceArea(2, 4, -1, 0, 4, 4), 4, 4)
    mask = np.arange(1, 9, dtype=np.uint8).reshape(2, 4)
    np.testing.assert_array_equal(view.mask(mask), [[0] * 4, *mask.tolist(), [0] * 4])
    assert view.box((0, 0, 4, 2)) == (0, 1, 4, 3)
    assert view.box((-9, -9, 9, 9)) == (0, 1, 4, 3)
    assert view.box((0, -1, 4, 0)) is None


def sure(view):
    """Mark pixels away from where the picture, or what is seen of it, ends."""
    within = []
    for start, extent, size in zip(view.area[2:4], view.area[4:], view.area[:2], strict=True):
        at = start + (np.arange(64) + 0.5) * extent / 64
        reach = 1.5 * max(1, extent / 64)
        low, high = max(start, 0), min(start + extent, size)
        within.append((at > low + reach) & (at < high - reach))
    return np.logical_and.outer(*within)


@pytest.mark.parametrize("crop", ["center", "squash", "pad"])
@pytest.mark.parametrize(
    "shape", [(64, 64), (90, 120), (121, 90), (65, 64), (33, 200), (20, 31), (7, 7), (500, 333)]
)
def test_agrees_with_what_the_network_sees(weights, shape, crop):
    """A white stripe on black: interpolated, it is brighter than a half where its pixels are."""
    model = gcpp.load(weights, crop=crop)
    random = np.random.default_rng(shape[0])
    height, width = shape
    view = View.of(model.explain(np.zeros((*shape, 3), np.uint8)))
    if crop == "center":
        assert view == centered(height, width, 64, 64)
    inner = sure(view)
    for trial in range(10):
        corners = [0, 0, width, height]
        axis = trial % 2
        corners[axis] = int(random.integers(0, corners[axis + 2]))
        corners[axis + 2] = int(random.integers(corners[axis] + 1, corners[axis + 2] + 1))
        x0, y0, x1, y1 = corners
        mask = np.zeros(shape, np.uint8)
        mask[y0:y1, x0:x1] = 1
        picture = np.repeat(255 * mask[:, :, np.newaxis], 3, axis=2)
        seen = model.explain(picture)._core.seen[:, :, 0]
        found = view.mask(mask)
        is_tie = np.abs(seen - 0.5) < 1e-9
        assert ((seen > 0.5) == (found == 1))[inner & ~is_tie].all()
        expected = np.zeros((64, 64), np.uint8)
        box = view.box((x0, y0, x1, y1))
        if box is not None:
            expected[box[1] : box[3], box[0] : box[2]] = 1
        np.testing.assert_array_equal(found, expected)
