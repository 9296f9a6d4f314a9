"""Loc(delta), pointing game, energy and the map's box: computed by hand."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics
from gradcampp_swift.pictures.connected_components import components, largest_box


def region(text):
    """A region drawn with # for true, rows parted by spaces."""
    return np.array([[mark == "#" for mark in row] for row in text.split()])


# Of a maximum of 8: above 0 are 7 pixels, above a quarter (2) are 5, above a half (4) are 2.
HEATMAP = np.array([[8, 4, 3, 0], [6, 3, 1, 2]])
BOX = region("##.. ##..")
ZERO = np.zeros((2, 4))

# ---- Loc -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delta", "internal", "external"), [(0, 4, 3), (0.25, 4, 1), (0.5, 2, 0), (0.75, 1, 0)]
)
def test_loc(delta, internal, external):
    assert metrics.localisation(HEATMAP, BOX, delta) == internal / (4 + external)


def test_loc_of_several_boxes_takes_their_union():
    both = BOX | region("...# .###")
    assert metrics.localisation(HEATMAP, both, 0) == 6 / (7 + 1)


def test_loc_at_the_edges():
    assert metrics.localisation(ZERO, BOX, 0) == 0
    assert metrics.localisation(HEATMAP, ZERO > 0, 0) == 0
    assert metrics.localisation(ZERO, ZERO > 0, 0.5) == 0
    assert metrics.localisation([[5]], [[True]], 0.5) == 1
    assert metrics.localisation(np.ones((2, 4)), np.ones((2, 4)) > 0, 0.5) == 1
    with pytest.raises(gcpp.InvalidArgumentError, match="expected 0 to less than 1"):
        metrics.localisation(HEATMAP, BOX, 1)
    with pytest.raises(gcpp.InvalidArgumentError, match="expected bool of the map's shape"):
        metrics.localisation(HEATMAP, [[True]], 0)
    with pytest.raises(gcpp.InvalidArgumentError, match="the region is int64"):
        metrics.localisation(HEATMAP, np.ones((2, 4), np.int64), 0)


# ---- Energy --------------------------------------------------------------------------------


def test_energy():
    assert metrics.energy_inside(HEATMAP, BOX) == 21 / 27
    assert metrics.energy_inside(np.ones((2, 4)), BOX) == 0.5
    assert metrics.energy_inside(ZERO, BOX) == 0
    assert metrics.energy_inside(HEATMAP, ZERO > 0) == 0
    assert metrics.energy_inside([[3]], [[True]]) == 1


# ---- Pointing game -------------------------------------------------------------------------


def test_pointing_needs_no_more_than_the_tolerance():
    heatmap = np.zeros((9, 9))
    heatmap[4, 5] = 1
    target = np.zeros((9, 9), bool)
    target[0, 2] = True  # 4 rows up, 3 columns left: distance 5
    assert metrics.pointing_game(heatmap, target, 5)
    assert not metrics.pointing_game(heatmap, target, 4.99)
    target[4, 5] = True
    assert metrics.pointing_game(heatmap, target, 0)


def test_pointing_tolerates_15_pixels():
    heatmap = np.zeros((1, 40))
    heatmap[0, 20] = 1
    for distance, hit in ((15, True), (16, False)):
        target = np.zeros((1, 40), bool)
        target[0, 20 + distance] = True
        assert metrics.pointing_game(heatmap, target) is hit


def test_pointing_takes_the_first_of_equal_maxima():
    heatmap = [[0, 7, 0, 7], [7, 0, 0, 0]]
    assert metrics.pointing_game(heatmap, region(".#.. ...."), 0)
    assert not metrics.pointing_game(heatmap, region("...# #..."), 0)


def test_pointing_without_evidence_or_object():
    assert not metrics.pointing_game(ZERO, ZERO == 0)
    assert not metrics.pointing_game(HEATMAP, ZERO > 0, 1000)


# ---- Components ----------------------------------------------------------------------------


def test_components_touch_at_corners():
    binary = region("#..#.# .#..#. ...... ##.##. ..#...")
    labels, count = components(binary)
    expected = [
        [1, 0, 0, 2, 0, 2],
        [0, 1, 0, 0, 2, 0],
        [0, 0, 0, 0, 0, 0],
        [3, 3, 0, 3, 3, 0],
        [0, 0, 3, 0, 0, 0],
    ]
    np.testing.assert_array_equal(labels, expected)
    assert count == 3


def test_components_join_late():
    labels, count = components(region("#.#.# #.#.# #.### ###.."))
    assert count == 1
    np.testing.assert_array_equal(labels > 0, region("#.#.# #.#.# #.### ###.."))


def flooded(binary):
    """The slow, obvious twin: flood from each unlabelled pixel."""
    labels = np.zeros(binary.shape, int)
    count = 0
    for start in np.argwhere(binary).tolist():
        if labels[tuple(start)]:
            continue
        count += 1
        todo = [start]
        while todo:
            row, column = todo.pop()
            inside = 0 <= row < binary.shape[0] and 0 <= column < binary.shape[1]
            if inside and binary[row, column] and not labels[row, column]:
                labels[row, column] = count
                todo += [[row + y, column + x] for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return labels, count


@pytest.mark.parametrize("share", [0.1, 0.3, 0.45, 0.6, 0.95])
def test_components_equal_flooding(share):
    random = np.random.default_rng(3)
    for shape in ((1, 1), (1, 17), (17, 1), (13, 21), (40, 40)):
        binary = random.random(shape) < share
        labels, count = components(binary)
        expected, expected_count = flooded(binary)
        np.testing.assert_array_equal(labels, expected)
        assert count == expected_count


def test_largest_box():
    assert largest_box(region("#... ..## ..#.")) == (2, 1, 4, 3)
    assert largest_box(region("#..# #..#")) == (0, 0, 1, 2)  # of two as large, the first
    assert largest_box(region("....")) is None


# ---- Box of the map ------------------------------------------------------------------------


def test_intersection_over_union():
    whole = (0, 0, 4, 2)
    assert metrics.intersection_over_union(whole, whole) == 1
    assert metrics.intersection_over_union(whole, (2, 1, 6, 3)) == 2 / (8 + 8 - 2)
    assert metrics.intersection_over_union(whole, (4, 0, 5, 2)) == 0
    assert metrics.intersection_over_union(whole, (5, 5, 6, 6)) == 0
    assert metrics.intersection_over_union((0, 0, 0, 0), (0, 0, 0, 0)) == 0


def test_bounding_box_takes_what_is_above_the_threshold():
    heatmap = np.array([[100, 15, 0], [0, 0, 16]])
    assert metrics.bounding_box(heatmap) == (0, 0, 1, 1)  # 16 touches neither; 15 is not above
    heatmap[0, 1] = 16
    assert metrics.bounding_box(heatmap) == (0, 0, 3, 2)
    assert metrics.bounding_box(ZERO) is None
    assert metrics.bounding_box([[2]]) == (0, 0, 1, 1)


def test_best_box_takes_the_instance_that_fits_best():
    heatmap = np.zeros((10, 10))
    heatmap[2:6, 2:6] = 1
    assert metrics.best_box(heatmap, [(0, 0, 2, 2), (4, 2, 8, 6), (2, 2, 6, 7)]) == 16 / 20
    assert metrics.best_box(heatmap, []) == 0
    assert metrics.best_box(0 * heatmap, [(0, 0, 2, 2)]) == 0
