"""Weights that are not finite give an error, whatever layer they are in.

A ReLU written as a comparison turns NaN into 0, after which the result looks sound. These tests
need a core that lets NaN through every layer, so that the scores show it.
"""

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest

LAYERS = list(networks.make_weights())


def _one_nan(array):
    array.flat[array.size // 2] = np.nan


def _all_nan(array):
    array[...] = np.nan


def _one_infinity(array):
    array.flat[array.size // 2] = np.inf


USES = {
    "predict": lambda model, photo: model.predict(photo),
    "explain": lambda model, photo: model.explain(photo, 0),
    "activations": lambda model, photo: model.activations(photo, "fc8"),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("spoil", [_one_nan, _all_nan, _one_infinity])
@pytest.mark.parametrize("kind", [0, 1], ids=["weights", "biases"])
@pytest.mark.parametrize("layer", LAYERS)
def test_weights(photo, layer, kind, spoil, use):
    weights = networks.make_weights()
    spoil(weights[layer][kind])
    # Found while the model is made, or when it is first used.
    with pytest.raises(gcpp.BadDataError, match=r"finite|NaN"):
        USES[use](gcpp.load(weights), photo)
