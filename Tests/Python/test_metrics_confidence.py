"""Average Drop, Increase in Confidence, Win: computed by hand."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics


def test_explanation_map_is_product_stretched():
    picture = np.array([[[1.0, 0.5, 0.25], [0.75, 0.0, 1.0]]])
    # products 0.5 0.25 0.125 | 0.75 0 1: smallest 0, largest 1
    found = metrics.explanation_map(picture, [[0.5, 1.0]])
    np.testing.assert_array_equal(found, [[[0.5, 0.25, 0.125], [0.75, 0.0, 1.0]]])
    # products 0.5 0.5 0.5 | 0.25 0.75 1: (p - 0.25) / 0.75
    picture = np.array([[[1.0, 1.0, 1.0], [0.25, 0.75, 1.0]]])
    found = metrics.explanation_map(picture, [[0.5, 1.0]])
    expected = np.array([[[1, 1, 1], [0, 2, 3]]]) / 3
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


def test_explanation_map_takes_bytes_as_255ths():
    picture = np.array([[[255, 0, 51]]], np.uint8)
    np.testing.assert_array_equal(metrics.explanation_map(picture, [[1]]), [[[1.0, 0.0, 0.2]]])


@pytest.mark.parametrize("height", [1, 3])
def test_explanation_map_without_evidence_is_black(height):
    picture = np.full((height, 2, 3), 0.7)
    for heatmap in (np.zeros((height, 2)), np.ones((height, 2))):
        found = metrics.explanation_map(picture, heatmap)
        np.testing.assert_array_equal(found, np.zeros((height, 2, 3)))


def test_drop():
    assert metrics.drop_percent(0.5, 0.125) == 75
    assert metrics.drop_percent(0.5, 0.0) == 100
    assert metrics.drop_percent(0.5, 0.5) == 0
    assert metrics.drop_percent(0.5, 0.75) == 0
    assert metrics.drop_percent(0.0, 0.0) == 0


def test_average_drop_and_increase():
    original = [0.5, 0.25, 1.0, 0.5]
    explained = [0.25, 0.5, 0.75, 0.5]
    # drops 50, 0, 25, 0
    assert metrics.average_drop(original, explained) == 18.75
    assert metrics.increase_in_confidence(original, explained) == 25
    assert metrics.average_drop([0.5], [0.25]) == 50


def test_win_leaves_ties_out():
    found = metrics.win_percent([10, 0, 30, 0, 5], [20, 0, 20, 0, 5])
    assert found == (20, 20, 60)
    assert metrics.win_percent([1.0], [2.0]) == (100, 0, 0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: metrics.average_drop([0.5], [0.5, 0.5]), "explained: 2 numbers, expected as many"),
        (lambda: metrics.average_drop([], []), "one or more"),
        (lambda: metrics.win_percent([np.nan], [0.0]), "finite"),
        (lambda: metrics.explanation_map(np.zeros((2, 2, 3)), [[1.0]]), r"expected \(1, 1, 3\)"),
        (lambda: metrics.explanation_map(np.full((1, 1, 3), 2.0), [[1.0]]), "from 2 to 2"),
        (lambda: metrics.explanation_map(np.zeros((1, 1, 3)), [[-1.0]]), "from -1 to -1"),
        (lambda: metrics.explanation_map(np.zeros((1, 1, 3)), [[np.nan]]), "finite"),
        (lambda: metrics.explanation_map(np.zeros((1, 1, 3)), [1.0]), r"expected \(height, width"),
    ],
)
def test_misuse(call, says):
    with pytest.raises(gcpp.InvalidArgumentError, match=says):
        call()
