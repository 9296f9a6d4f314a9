"""Deletion and insertion: computed by hand."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics

# Four grey pixels; a map that ranks them third, first, fourth, second.
PICTURE = np.repeat(np.array([[0.25, 1.0], [0.0, 0.5]])[:, :, np.newaxis], 3, axis=2)
HEATMAP = np.array([[0.2, 0.9], [0.1, 0.7]])
BLACK = np.zeros((2, 2, 3))


def brightness(shown):
    return float(shown[:, :, 0].mean())


def test_deletion_by_hand():
    found = metrics.deletion(PICTURE, HEATMAP, brightness, steps=4, baseline=BLACK)
    # 1.75 / 4, then without 1, without 0.5, without 0.25, without 0
    np.testing.assert_array_equal(found.scores, [0.4375, 0.1875, 0.0625, 0.0, 0.0])
    assert found.area == (0.4375 / 2 + 0.1875 + 0.0625) / 4


def test_insertion_by_hand():
    found = metrics.insertion(PICTURE, HEATMAP, brightness, steps=4, baseline=BLACK)
    np.testing.assert_array_equal(found.scores, [0.0, 0.25, 0.375, 0.4375, 0.4375])
    assert found.area == (0.25 + 0.375 + 0.4375 + 0.4375 / 2) / 4


def test_steps_that_do_not_divide_the_pixels():
    # floor(4 i / 3): 0, 1, 2, 4 pixels
    found = metrics.deletion(PICTURE, HEATMAP, brightness, steps=3, baseline=BLACK)
    np.testing.assert_array_equal(found.scores, [0.4375, 0.1875, 0.0625, 0.0])
    # floor(4 i / 8): every second step changes nothing
    found = metrics.insertion(PICTURE, HEATMAP, brightness, steps=8, baseline=BLACK)
    np.testing.assert_array_equal(found.scores[::2], [0.0, 0.25, 0.375, 0.4375, 0.4375])
    np.testing.assert_array_equal(found.scores[1::2], found.scores[:-1:2])


def test_deletion_goes_to_the_mean_colour():
    picture = np.array([[[1.0, 0.0, 0.5], [0.0, 0.5, 0.5]]])
    seen = []
    metrics.deletion(picture, [[2, 1]], lambda shown: seen.append(shown.copy()) or 0.0, steps=2)
    mean = [0.5, 0.25, 0.5]
    np.testing.assert_array_equal(seen, [picture, [[mean, [0, 0.5, 0.5]]], [[mean, mean]]])


def test_insertion_begins_with_the_blurred_picture():
    picture = np.random.default_rng(5).random((14, 15, 3))
    seen = []
    metrics.insertion(picture, np.eye(14, 15), lambda x: seen.append(x.copy()) or 0.0, steps=2)
    np.testing.assert_array_equal(seen[0], metrics.gaussian_blur(picture))
    np.testing.assert_array_equal(seen[-1], picture)


def test_insertion_of_white_stays_a_picture():
    white = np.ones((20, 20, 3))
    found = metrics.insertion(white, np.eye(20), brightness, steps=3)
    np.testing.assert_allclose(found.scores, 1, atol=1e-15)


def test_map_without_evidence_goes_from_the_top():
    found = metrics.deletion(PICTURE, np.zeros((2, 2)), brightness, steps=2, baseline=BLACK)
    np.testing.assert_array_equal(found.scores, [0.4375, 0.125, 0.0])


def test_picture_stays_as_it_is():
    before = PICTURE.copy()
    metrics.deletion(PICTURE, HEATMAP, brightness)
    metrics.insertion(PICTURE, HEATMAP, brightness)
    np.testing.assert_array_equal(PICTURE, before)


def test_a_step_at_least():
    with pytest.raises(gcpp.InvalidArgumentError, match="steps is 0, expected 1 or more"):
        metrics.deletion(PICTURE, HEATMAP, brightness, steps=0)
    with pytest.raises(gcpp.InvalidArgumentError, match="the picture has shape"):
        metrics.insertion(PICTURE, HEATMAP, brightness, baseline=np.zeros((1, 2, 3)))


# ---- Blur ----------------------------------------------------------------------------------


def test_blur_by_hand():
    # exp(-i^2 / 2): 1 in the middle, 0.6065... beside it
    beside = np.exp(-0.5) / (1 + 2 * np.exp(-0.5))
    middle = 1 / (1 + 2 * np.exp(-0.5))
    found = metrics.gaussian_blur([[0.0, 0.0, 1.0, 0.0]], sigma=1, radius=1)
    np.testing.assert_allclose(found, [[0, beside, middle, beside]], atol=1e-15)
    found = metrics.gaussian_blur([[1.0, 0.0]], sigma=1, radius=1)
    np.testing.assert_allclose(found, [[middle + beside, beside]], atol=1e-15)
    point = np.zeros((5, 5))
    point[2, 2] = 1
    line = np.array([0, beside, middle, beside, 0])
    found = metrics.gaussian_blur(point, sigma=1, radius=1)
    np.testing.assert_allclose(found, np.outer(line, line), atol=1e-15)


def test_blur_keeps_channels_apart_and_constants():
    picture = np.zeros((6, 7, 3))
    picture[:, :, 1] = 0.5
    np.testing.assert_allclose(metrics.gaussian_blur(picture), picture, atol=1e-15)


def test_blur_window_is_11_by_11():
    point = np.zeros((31, 31))
    point[15, 15] = 1
    found = metrics.gaussian_blur(point)
    assert np.count_nonzero(found) == 11 * 11
    assert found.sum() == pytest.approx(1, abs=1e-12)
