"""Coverage of pixels by contours, against areas known by hand."""

import numpy as np
import pytest
from scenes.coverage import coverage
from scenes.outlines import contour, ellipse, hole, rectangle


def test_whole_and_half_pixels() -> None:
    cover = coverage([rectangle(1, 1, 3.5, 2.25)], 0, 0, 5, 4)
    expected = np.zeros((4, 5), np.float32)
    expected[1] = [0, 1, 1, 0.5, 0]
    expected[2] = [0, 0.25, 0.25, 0.125, 0]
    assert np.array_equal(cover, expected)


def test_a_window_elsewhere_cuts() -> None:
    whole = coverage([ellipse(10, 12, 6)], 0, 0, 24, 24)
    part = coverage([ellipse(10, 12, 6)], 8, 5, 7, 9)
    assert np.array_equal(part, whole[5:14, 8:15])


@pytest.mark.parametrize("turn", [1, -1])
def test_either_direction_of_corners(turn: int) -> None:
    corners = [(0, 0), (8, 0), (0, 8)][::turn]
    cover = coverage([contour(*corners)], 0, 0, 8, 8)
    # Half of the square; samples on the diagonal itself count on one side.
    assert cover.sum() == pytest.approx(32, abs=1.1)
    assert cover[0, 0] == 1
    assert cover[7, 7] == 0


def test_overlap_counts_once_and_holes_are_empty() -> None:
    two = [rectangle(0, 0, 6, 6), rectangle(3, 3, 8, 8)]
    assert coverage(two, 0, 0, 8, 8).sum() == 36 + 25 - 9
    ringed = [rectangle(0, 0, 8, 8), hole(rectangle(2, 2, 5, 6))]
    cover = coverage(ringed, 0, 0, 8, 8)
    assert cover.sum() == 64 - 12
    assert cover[3, 3] == 0


def test_area_of_a_disc() -> None:
    cover = coverage([ellipse(50, 50, 40, count=200)], 0, 0, 100, 100)
    assert cover.sum() == pytest.approx(np.pi * 40**2, rel=1e-3)
