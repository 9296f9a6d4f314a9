"""Whether maps of the network in the box lie on what they explain: 100 scenes of known content.

Paired 95 % intervals, as in docs/evaluation.md, which has more scenes.
"""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift.metrics import energy_inside, mean_interval, paired_difference, redrawn
from gradcampp_swift.weights import bundled
from scenes import LABELS, scene

SEED = 7
COUNT = 100


@pytest.fixture(scope="module")
def network():
    return gcpp.load(bundled.WEIGHTS)


@pytest.fixture(scope="module")
def singles():
    return [scene(SEED, index) for index in range(COUNT)]


@pytest.fixture(scope="module")
def energies(network, singles):
    return energies_of(network, singles)


def energies_of(model, scenes):
    """Energy of the labelled class's map inside the objects of that class."""
    return np.array(
        [
            energy_inside(model.explain(each.image, each.label).heatmap, each.mask(each.label))
            for each in scenes
        ]
    )


def test_labels_are_those_of_the_scenes(network):
    assert network.labels == list(LABELS)


def test_more_energy_inside_than_the_share_of_the_area(singles, energies):
    areas = np.array([each.mask(each.label).mean() for each in singles])
    assert mean_interval(energies - 2 * areas).low > 0
    assert energies.mean() >= 2 * areas.mean()


def test_more_than_a_gaussian_in_the_centre(singles, energies):
    """People put what they photograph in the middle; a map must know more than that."""
    rows, columns = np.mgrid[0:224, 0:224] - 111.5
    gaussian = np.exp(-(rows**2 + columns**2) / (2 * (224 / 4) ** 2))
    centred = [energy_inside(gaussian, each.mask(each.label)) for each in singles]
    assert paired_difference(energies, centred).low > 0


def test_more_than_the_same_network_with_random_weights(network, singles, energies):
    weights = np.load(bundled.WEIGHTS, allow_pickle=True).item()
    layers = [name for name in reversed(network.layers) if name in weights]
    forgetful = gcpp.load(redrawn(weights, layers, SEED))
    assert paired_difference(energies, energies_of(forgetful, singles)).low > 0


def test_two_classes_in_one_picture(network):
    """The map of class a has more energy on a than the map of class b has there."""
    right = []
    for index in range(COUNT):
        pair = scene(SEED, index, "pair")
        first, second = pair.labels
        maps = network.explain(pair.image, [first, second])
        on_first = [energy_inside(each.heatmap, pair.mask(first)) for each in maps]
        right.append(on_first[0] > on_first[1])
    assert np.mean(right) >= 0.9
