"""From a network's input back to the picture: computed by hand."""

import numpy as np
from gradcampp_swift.pictures.connected_components import boxes_by_mass
from gradcampp_swift.pictures.geometry import SourceArea, element_centers, to_picture


def test_centers_of_elements():
    np.testing.assert_array_equal(element_centers(3, 8, 4), [4, 6, 8, 10])
    np.testing.assert_array_equal(element_centers(0, 2, 4), [0.25, 0.75, 1.25, 1.75])


def test_a_map_of_the_pictures_size_is_unchanged():
    values = np.random.default_rng(1).random((5, 7)).astype(np.float32)
    np.testing.assert_array_equal(to_picture(values, SourceArea(5, 7, 0, 0, 5, 7)), values)


def test_enlarged_between_the_elements():
    # Pixels at 1/2, 3/2, ... lie at j = (i + 1/2) / 2 - 1/2 = -1/4, 1/4, 3/4, 5/4.
    values = np.array([[0.0, 1.0], [2.0, 4.0]])
    lines = np.array([[0, 0.25, 0.75, 1], [2, 2.5, 3.5, 4]])
    expected = [lines[0], 0.75 * lines[0] + 0.25 * lines[1], 0.25 * lines[0] + 0.75 * lines[1]]
    found = to_picture(values, SourceArea(4, 4, 0, 0, 4, 4))
    np.testing.assert_array_equal(found, [*expected, lines[1]])
    assert found.dtype == np.float32


def test_reduced_at_the_centers_of_pixels():
    # Pixels at 1/2 and 3/2 lie at j = 3 * (i + 1/2) / 2 - 1/2 = 1/4 and 7/4.
    found = to_picture(np.array([[0.0, 4.0, 8.0]]), SourceArea(1, 2, 0, 0, 1, 2))
    np.testing.assert_array_equal(found, [[1, 7]])


def test_beside_the_crop_there_is_nothing():
    found = to_picture(np.ones((3, 3)), SourceArea(4, 9, 1, 2, 2, 5))
    expected = np.zeros((4, 9))
    expected[1:3, 2:7] = 1
    np.testing.assert_array_equal(found, expected)


def test_an_area_larger_than_the_picture_is_cut():
    # Of 4 elements over 8 columns from -2, the picture's 3 columns show those from 2 on.
    values = np.array([[0.0, 1.0, 2.0, 3.0]])
    found = to_picture(values, SourceArea(1, 3, 0, -2, 1, 8))
    np.testing.assert_array_equal(found, [[0.75, 1.25, 1.75]])


def test_a_plane_stays_a_plane():
    # Linear interpolation is exact for linear maps, wherever a pixel has two elements.
    area = SourceArea(60, 90, 5, 20, 50, 60)
    rows = element_centers(area.top, area.height, 8)
    columns = element_centers(area.left, area.width, 12)
    found = to_picture(2 * rows[:, np.newaxis] + 3 * columns, area)
    y, x = np.mgrid[0:60, 0:90] + 0.5
    known = (y >= rows[0]) & (y <= rows[-1]) & (x >= columns[0]) & (x <= columns[-1])
    assert known.sum() > 2000
    np.testing.assert_allclose(found[known], (2 * y + 3 * x)[known], rtol=1e-6)


def test_boxes_by_mass():
    values = np.array(
        [
            [9, 0, 0, 0, 0, 1],
            [0, 9, 0, 0, 0, 1],
            [0, 0, 0, 5, 0, 0],
            [0, 0, 0, 0, 0, 0],
            [2, 2, 2, 2, 2, 2],
        ]
    )
    assert boxes_by_mass(values > 0, values) == [
        (0, 0, 2, 2),  # 18, joined by a corner
        (0, 4, 6, 5),  # 12
        (3, 2, 4, 3),  # 5
        (5, 0, 6, 2),  # 2
    ]
    assert boxes_by_mass(values > 9, values) == []


def test_equal_masses_keep_the_order_of_their_first_pixels():
    values = np.array([[0, 0, 3], [1, 0, 0], [2, 0, 3]])
    assert boxes_by_mass(values > 0, values) == [(2, 0, 3, 1), (0, 1, 1, 3), (2, 2, 3, 3)]
