"""From pixels of a picture to the network's view of it."""

import numpy as np
import pytest
from gradcampp_swift.command.evaluate.view import View


def test_same_size_is_the_identity():
    view = View(224, 224, 224, 224)
    assert view.box((3, 5, 17, 224)) == (3, 5, 17, 224)
    mask = np.random.default_rng(1).integers(0, 4, (224, 224), dtype=np.uint8)
    np.testing.assert_array_equal(view.mask(mask), mask)


def test_enlarged():
    # 2x2 pixels on 6x6: each becomes 3x3
    view = View(2, 2, 6, 6)
    assert view.box((1, 0, 2, 1)) == (3, 0, 6, 3)
    np.testing.assert_array_equal(
        view.mask(np.array([[1, 2], [3, 4]], np.uint8)),
        np.kron([[1, 2], [3, 4]], np.ones((3, 3))),
    )


def test_reduced_and_cropped():
    # 8 high, 15 wide: columns 3 to 10 are seen, floor(7 / 2) = 3; on 4x4, points 4 6 8 10 | 1 3 5 7
    view = View(8, 15, 4, 4)
    mask = np.arange(120, dtype=np.uint8).reshape(8, 15)
    np.testing.assert_array_equal(view.mask(mask), mask[1::2, 4:11:2])
    assert view.box((0, 0, 15, 8)) == (0, 0, 4, 4)
    assert view.box((4, 1, 6, 3)) == (0, 0, 1, 1)  # half-open: 6 and 3 are outside
    assert view.box((4.5, 1, 6.5, 3.5)) == (1, 0, 2, 2)
    assert view.box((0, 0, 4, 8)) is None  # beside the crop
    assert view.box((11, 0, 15, 8)) is None
    assert view.box((5, 0, 6, 8)) is None  # between two points
    assert view.box((-50, -50, 500, 500)) == (0, 0, 4, 4)
    tall = View(15, 8, 4, 4)
    np.testing.assert_array_equal(tall.mask(mask.reshape(15, 8)), mask.reshape(15, 8)[4:11:2, 1::2])


def test_one_pixel():
    assert View(1, 1, 4, 4).box((0, 0, 1, 1)) == (0, 0, 4, 4)
    assert View(9, 9, 1, 1).box((4, 4, 5, 5)) == (0, 0, 1, 1)
    assert View(9, 9, 1, 1).box((5, 5, 9, 9)) is None


@pytest.mark.parametrize(
    "shape", [(64, 64), (90, 120), (121, 90), (65, 64), (33, 200), (20, 31), (7, 7), (500, 333)]
)
def test_agrees_with_what_the_network_sees(model, shape):
    """A white stripe on black: interpolated, it is brighter than a half where its pixels are."""
    random = np.random.default_rng(shape[0])
    height, width = shape
    view = View(height, width, 64, 64)
    # Beyond the picture lies black, which dims half a pixel at its border.
    margin = 1 + 32 // min(shape)
    inner = (slice(margin, -margin), slice(margin, -margin))
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
        assert ((seen > 0.5) == (found == 1))[inner][~is_tie[inner]].all()
        expected = np.zeros((64, 64), np.uint8)
        box = view.box((x0, y0, x1, y1))
        if box is not None:
            expected[box[1] : box[3], box[0] : box[2]] = 1
        np.testing.assert_array_equal(found, expected)
