"""Cascading randomisation of a small network."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics

ORDER = [
    *("fc8", "fc7", "fc6", "conv5_3", "conv5_2", "conv5_1", "conv4_3", "conv4_2", "conv4_1"),
    *("conv3_3", "conv3_2", "conv3_1", "conv2_2", "conv2_1", "conv1_2", "conv1_1"),
]


def test_only_the_named_layers_are_drawn(weights):
    found = metrics.redrawn(weights, ["fc8", "fc7"], seed=3)
    for name, (kernel, biases) in weights.items():
        if name in ("fc8", "fc7"):
            assert found[name]["weights"].shape == kernel.shape
            assert (found[name]["weights"] != kernel).all()
            assert (found[name]["biases"] != biases).all()
        else:
            assert np.shares_memory(found[name]["weights"], kernel)
            assert np.shares_memory(found[name]["biases"], biases)


def test_deviation_stays_and_mean_goes(weights):
    kernel = np.random.default_rng(1).normal(0.3, 0.02, (200, 300)).astype(np.float32)
    found = metrics.redrawn({"fc8": [kernel, kernel[0]]}, ["fc8"])["fc8"]["weights"]
    assert found.dtype == np.float32
    assert found.mean() == pytest.approx(0, abs=5 * 0.02 / np.sqrt(kernel.size))
    assert found.std() == pytest.approx(0.02, rel=0.02)
    assert np.corrcoef(found.ravel(), kernel.ravel())[0, 1] == pytest.approx(0, abs=0.02)


def test_seeded_and_cascading(weights):
    first = metrics.redrawn(weights, ["fc8"], seed=1)["fc8"]["weights"]
    more = metrics.redrawn(weights, ["fc8", "fc7"], seed=1)
    np.testing.assert_array_equal(more["fc8"]["weights"], first)
    assert (more["fc7"]["biases"][:10] != more["fc8"]["biases"]).all()
    assert (metrics.redrawn(weights, ["fc8"], seed=2)["fc8"]["weights"] != first).all()


def test_cascade_goes_from_the_logits_to_the_pixels(model, weights, photo):
    networks = dict(metrics.cascade(model, weights))
    assert list(networks) == ORDER
    target = model.predict(photo, 1)[0]
    original = model.activations(photo, "conv5_3")
    # Activations change once their own layer, or one before, is drawn.
    for name in ("fc8", "fc7", "fc6"):
        np.testing.assert_array_equal(networks[name].activations(photo, "conv5_3"), original)
        assert networks[name].explain(photo, target).target.logit != target.logit
    assert (networks["conv5_3"].activations(photo, "conv5_3") != original).any()
    whole = networks["conv1_1"].explain(photo, target).cam
    assert abs(metrics.rank_correlation(whole, model.explain(photo, target).cam)) < 0.999
    assert networks["fc8"].labels == model.labels


@pytest.mark.parametrize("crop", ["center", "squash", "pad"])
def test_random_networks_are_loaded_as_the_trained_one(weights, photo, crop):
    colors = gcpp.Preprocessing("RGB", 1.0, mean=(90, 100, 110))
    model = gcpp.load(weights, [f"class {index}" for index in range(10)], colors, crop)
    for _, network in metrics.cascade(model, weights):
        assert network.crop == crop
        assert network.preprocessing == colors
        assert network.labels == model.labels
        np.testing.assert_array_equal(network.explain(photo).input, model.explain(photo).input)


def test_unknown_layer(weights):
    with pytest.raises(gcpp.UnknownNameError, match="no layer 'fc9'"):
        metrics.redrawn(weights, ["fc9"])


def test_layers_of_one_shape_get_different_numbers():
    kernel = np.random.default_rng(1).random((5, 5)).astype(np.float32)
    found = metrics.redrawn({"a": [kernel, kernel[0]], "b": [kernel, kernel[0]]}, ["b", "a"])
    for kind in ("weights", "biases"):
        assert (found["a"][kind] != found["b"][kind]).all()
