"""Rank correlation and structural similarity: computed by hand."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics


def test_rank_correlation_by_hand():
    # Without ties: 1 - 6 sum(d^2) / (n (n^2 - 1)), here d = 0, -1, 1, 0
    found = metrics.rank_correlation([[10, 20], [30, 40]], [[1, 3], [2, 90]])
    assert found == pytest.approx(1 - 6 * 2 / (4 * 15), abs=1e-15)
    assert metrics.rank_correlation([[1, 2, 3]], [[9, 4, 1]]) == -1
    # Ties: ranks 0.5 0.5 2 and 0 1 2, less 1: (-.5 -.5 1) . (-1 0 1) / sqrt(1.5 * 2)
    found = metrics.rank_correlation([[5, 5, 6]], [[1, 2, 3]])
    assert found == pytest.approx(1.5 / np.sqrt(3), abs=1e-15)


def test_rank_correlation_sees_only_the_order():
    random = np.random.default_rng(2)
    one, other = random.random((9, 7)), random.random((9, 7))
    found = metrics.rank_correlation(one, other)
    assert abs(found) < 0.5
    assert metrics.rank_correlation(one**3, np.exp(other)) == found
    assert metrics.rank_correlation(one, one) == 1


def test_rank_correlation_of_flat_maps():
    flat, other = np.zeros((2, 2)), np.array([[1, 2], [3, 4]])
    assert metrics.rank_correlation(flat, other) == 0
    assert metrics.rank_correlation(other, flat + 3) == 0
    assert metrics.rank_correlation(flat, flat + 3) == 1
    assert metrics.rank_correlation([[2]], [[5]]) == 1


def test_structural_similarity_by_hand():
    one, other = np.full((11, 11), 0.5), np.full((11, 11), 0.25)
    expected = (2 * 0.125 + 0.0001) / (0.25 + 0.0625 + 0.0001)
    assert metrics.structural_similarity(one, other) == pytest.approx(expected, abs=1e-12)
    # The middle pixel has the weight w = (1 / sum exp(-i^2 / 4.5))^2; the others 1 - w.
    weights = np.exp(-(np.arange(-5, 6) ** 2) / 4.5)
    w = 1 / weights.sum() ** 2
    one = np.zeros((11, 11))
    one[5, 5] = 1
    variance = w - w**2
    light = 0.0001 / (w**2 + 0.0001)
    structure = 0.0009 / (variance + 0.0009)
    found = metrics.structural_similarity(one, np.zeros((11, 11)))
    assert found == pytest.approx(light * structure, abs=1e-12)


def test_structural_similarity_is_the_mean_over_windows():
    random = np.random.default_rng(4)
    one, other = random.random((12, 13)), random.random((12, 13))
    windows = [
        metrics.structural_similarity(one[y : y + 11, x : x + 11], other[y : y + 11, x : x + 11])
        for y in range(2)
        for x in range(3)
    ]
    assert metrics.structural_similarity(one, other) == pytest.approx(np.mean(windows), abs=1e-12)
    assert metrics.structural_similarity(one, one) == pytest.approx(1, abs=1e-12)
    zero = np.zeros((12, 13))
    assert metrics.structural_similarity(zero, zero) == 1


def test_misuse():
    with pytest.raises(gcpp.InvalidArgumentError, match="expected 11x11 or more"):
        metrics.structural_similarity(np.zeros((10, 11)), np.zeros((10, 11)))
    with pytest.raises(gcpp.InvalidArgumentError, match="the maps have shapes"):
        metrics.rank_correlation([[1]], [[1, 2]])
