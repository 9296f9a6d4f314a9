"""Colours do not give the classes away."""

import numpy as np
import pytest
from scenes import colours


def test_histograms_do_not_tell_the_classes() -> None:
    # Scenes of several objects show more of their colours than those of one.
    known, fresh = colours.measure(9, 360, 120, "multi")
    assert fresh < 0.4
    # It learns what there is to learn: it knows its own scenes better than by chance.
    assert known > 0.2


def test_histogram_by_hand() -> None:
    image = np.zeros((2, 2, 3), np.uint8)
    image[0, 0] = [255, 31, 32]
    found = colours.histogram(image)
    assert found[0] == pytest.approx(np.sqrt(3 / 4))
    assert found[7 * 64 + 0 * 8 + 1] == pytest.approx(1 / 2)
    assert np.count_nonzero(found) == 2


def test_the_classifier_learns_what_colours_do_tell() -> None:
    random = np.random.default_rng(2)
    labels = np.arange(240) % 12
    images = random.integers(0, 256, (240, 8, 8, 3), np.uint8)
    images[:, :4, :, 0] = labels[:, np.newaxis, np.newaxis] % 4 * 64 + 5
    images[:, :4, :, 1] = labels[:, np.newaxis, np.newaxis] // 4 * 64 + 5
    images[:, :4, :, 2] = 7
    features = np.array([colours.histogram(image) for image in images])
    weights = colours.fit(features[:120], labels[:120])
    assert colours.accuracy(weights, features[120:], labels[120:]) > 0.9
