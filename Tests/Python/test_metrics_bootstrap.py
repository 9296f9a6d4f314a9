"""Bootstrap intervals: against exact distributions and a normal approximation."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
from gradcampp_swift import metrics


def test_two_values_have_three_means():
    # Means of samples of {0, 1}: 0, 1/2, 1 with probabilities 1/4, 1/2, 1/4.
    assert metrics.mean_interval([0, 1]) == (0.5, 0, 1)
    assert metrics.mean_interval([0, 1], confidence=0.4) == (0.5, 0.5, 0.5)


def test_normal_approximation():
    values = np.random.default_rng(8).normal(3, 2, 1000)
    mean, low, high = metrics.mean_interval(values, resamples=4000)
    half = 1.96 * values.std() / np.sqrt(1000)
    assert mean == values.mean()
    assert low == pytest.approx(mean - half, abs=0.012)
    assert high == pytest.approx(mean + half, abs=0.012)
    _, narrow_low, narrow_high = metrics.mean_interval(values, confidence=0.5)
    assert narrow_high - narrow_low == pytest.approx(2 * 0.6745 / 1.96 * half, rel=0.1)


def test_covers_the_mean_as_often_as_it_says():
    random = np.random.default_rng(9)
    hits = 0
    for trial in range(300):
        _, low, high = metrics.mean_interval(random.exponential(1, 60), resamples=400, seed=trial)
        hits += low <= 1 <= high
    assert 0.87 < hits / 300 < 0.99


def test_pairs_cancel_what_they_share():
    random = np.random.default_rng(10)
    hard = random.normal(0, 50, 200)
    first, second = hard + random.normal(1, 1, 200), hard + random.normal(0, 1, 200)
    mean, low, high = metrics.paired_difference(first, second)
    assert mean == pytest.approx(np.mean(first - second), abs=1e-12)
    assert 0 < low < 1 < high < 2
    assert metrics.paired_difference(second, first).mean == -mean
    alone = metrics.mean_interval(first)
    assert alone.high - alone.low > 20 * (high - low)


def test_seeded():
    values = np.random.default_rng(11).random(50)
    assert metrics.mean_interval(values) == metrics.mean_interval(values)
    assert metrics.mean_interval(values, seed=1) != metrics.mean_interval(values)


def test_blocks_do_not_change_the_draws(monkeypatch):
    from gradcampp_swift.metrics import bootstrap

    values = np.random.default_rng(12).random(50)
    whole = metrics.mean_interval(values)
    monkeypatch.setattr(bootstrap, "_BLOCK", 120)
    assert metrics.mean_interval(values) == whole


def test_one_value_and_misuse():
    assert metrics.mean_interval([0.25]) == (0.25, 0.25, 0.25)
    for arguments in (([],), ([np.nan],), ([1.0], 1.0), ([1.0], 0.95, 0)):
        with pytest.raises(gcpp.InvalidArgumentError, match="expected"):
            metrics.mean_interval(*arguments)
    with pytest.raises(gcpp.InvalidArgumentError, match="second: 1 numbers"):
        metrics.paired_difference([1, 2], [1])
