"""Scores at which the original's exponential overflowed or vanished."""

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest


def unsimplified_weights(activations, gradients, score):
    """Channel weights as the original defines them, in float64, divided by exp(score)."""
    a = activations.astype(np.float64)
    g = gradients.astype(np.float64)
    e = np.exp(np.float64(score))
    numerator = e * g**2
    denominator = 2 * e * g**2 + e * g**3 * a.sum(axis=(0, 1))
    alpha = numerator / np.where(denominator != 0, denominator, 1)
    total = np.where(g > 0, alpha, 0).sum(axis=(0, 1))
    alpha = alpha / np.where(total != 0, total, 1)
    return (np.maximum(e * g, 0) * alpha).sum(axis=(0, 1)) / e


@pytest.mark.parametrize("score", [95, 130, -75, -100])
def test_map_does_not_depend_on_the_size_of_the_score(photo, score):
    label = 4
    weights = networks.make_weights()
    logit = gcpp.load(weights).activations(photo, "fc8")[label]
    weights["fc8"][1][label] += np.float32(score) - logit
    model = gcpp.load(weights)
    explanation = model.explain(photo, label)
    assert explanation.target.logit == pytest.approx(score, rel=1e-5)
    assert np.isfinite(explanation.heatmap).all()
    assert explanation.cam.max() == 1
    expected = unsimplified_weights(
        model.activations(photo, "conv5_3"),
        model.gradients(photo, "conv5_3", label),
        explanation.target.logit,
    )
    # channel_weights are float32; what remains is their rounding.
    np.testing.assert_allclose(
        explanation.channel_weights, expected, rtol=1e-6, atol=1e-6 * expected.max()
    )
    assert expected.max() > 0
