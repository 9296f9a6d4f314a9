"""Scores of many pictures: those of `explain`, and those of a network in NumPy."""

import gradcampp_swift as gcpp
import numpy as np
import pytest
import slow_network
from gradcampp_swift import metrics

targets = gcpp.targets


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(3).random((11, 64, 64, 3))


def test_scores_are_those_of_a_slow_network(model, weights, pictures):
    logits = np.array([slow_network.forward(weights, each).logits for each in pictures])
    shares = np.array([slow_network.softmax(each) for each in logits])
    found = model.score(
        pictures, [0, targets.Not(3), targets.Difference(1, [2, 5]), targets.Probability(7)]
    )
    assert found.shape == (11, 4)
    assert found.dtype == np.float64
    expected = [
        logits[:, 0],
        -logits[:, 3],
        logits[:, 1] - logits[:, 2] - logits[:, 5],
        shares[:, 7],
    ]
    np.testing.assert_allclose(found, np.stack(expected, axis=1), atol=1e-4 * np.abs(logits).max())
    assert model.score(pictures, 0).shape == (11,)
    np.testing.assert_array_equal(model.score(pictures, 0), found[:, 0])
    np.testing.assert_array_equal(model.score(pictures, [0]), found[:, :1])


def test_scores_equal_those_explained(model, pictures):
    eighths = np.rint(pictures * 255) / 255
    wanted = [4, targets.Probability(2), targets.Output(np.arange(10))]
    found = model.score(eighths, wanted)
    for picture, scores in zip(eighths, found, strict=True):
        explained = [each.score for each in model.explain(picture, wanted)]
        np.testing.assert_allclose(scores, explained, rtol=1e-5, atol=1e-6)


def test_a_score_depends_on_its_picture_alone(model, pictures):
    together = model.score(pictures, [1, targets.Probability(2)])
    for place in (0, 7, 8, 10):
        alone = model.score(pictures[place : place + 1], [1, targets.Probability(2)])
        np.testing.assert_array_equal(together[place], alone[0])
    np.testing.assert_array_equal(model.score(pictures.astype(np.float32), 1), together[:, 0])
    turned = np.asfortranarray(pictures)
    np.testing.assert_array_equal(model.score(turned, 1), together[:, 0])
    assert model.score(pictures[:0], 1).shape == (0,)


def test_nothing_goes_through_8_bits(model, weights, pictures):
    grey = np.full((2, 64, 64, 3), 0.5)
    grey[1] += 0.2 / 255  # the same in 8 bits
    found = model.score(grey, 3)
    slow = [slow_network.forward(weights, each).logits[3] for each in grey]
    assert found[0] != found[1]
    np.testing.assert_allclose(found, slow, rtol=1e-4)
    np.testing.assert_allclose(np.diff(found), np.diff(slow), rtol=0.05)


# ---- Masks ---------------------------------------------------------------------------------


def test_masks_by_definition(model, weights, photo):
    random = np.random.default_rng(4)
    masks = random.random((9, 64, 64))
    masks[0], masks[1] = 1, 0
    background = random.random((64, 64, 3))
    wanted = [2, targets.Probability(6)]
    seen = model.explain(photo)._core.seen
    shown = masks[..., np.newaxis] * seen + (1 - masks[..., np.newaxis]) * background
    found = model.score_masks(photo, masks, wanted, background)
    assert found.shape == (9, 2)
    np.testing.assert_allclose(found, model.score(shown, wanted), rtol=1e-4, atol=1e-6)
    slow = [slow_network.forward(weights, each).logits for each in shown]
    np.testing.assert_allclose(found[:, 0], [each[2] for each in slow], rtol=1e-3, atol=1e-4)
    assert found[0, 0] == pytest.approx(model.explain(photo, 2).score, rel=1e-5)
    # Without a background: the colour that goes in as 0.
    neutral = slow_network.MEAN[::-1] / 255
    shown = masks[..., np.newaxis] * seen + (1 - masks[..., np.newaxis]) * neutral
    found = model.score_masks(photo, masks, 2)
    np.testing.assert_allclose(found, model.score(shown, 2), rtol=1e-4, atol=1e-6)
    assert model.score_masks(photo, masks > 0.5, 2).shape == (9,)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p[0], r"pictures have shape \(64, 64, 3\), expected \(n, height, width, 3\)"),
        (lambda p: p[:, :32], r"input size, \(64, 64, 3\)"),
        (lambda p: p[..., :1], r"pictures have shape"),
        (lambda p: p * 255, r"hold values from .*, expected \[0, 1\]"),
        (lambda p: p - 0.5, r"expected \[0, 1\]"),
        (lambda p: p + np.nan, r"expected \[0, 1\]"),
    ],
)
def test_pictures_that_are_refused(model, pictures, change, says):
    with pytest.raises(gcpp.InvalidArgumentError, match=says):
        model.score(change(pictures), 0)


def test_what_is_refused(model, pictures, photo):
    with pytest.raises(gcpp.WrongTypeError, match="pictures are of uint8"):
        model.score((pictures * 255).astype(np.uint8), 0)
    for target in (None, "top3", [0, None]):
        with pytest.raises(gcpp.InvalidArgumentError, match="another class for each picture"):
            model.score(pictures, target)
    with pytest.raises(gcpp.InvalidArgumentError, match="none is given"):
        model.score(pictures, [])
    masks = np.ones((2, 64, 64))
    for wrong, says in (
        (masks[0], "masks have shape"),
        (masks[:, 1:], "masks have shape"),
        (masks * 2, "masks hold values"),
    ):
        with pytest.raises(gcpp.InvalidArgumentError, match=says):
            model.score_masks(photo, wrong, 0)
    with pytest.raises(gcpp.InvalidArgumentError, match=r"background have shape \(64, 64\)"):
        model.score_masks(photo, masks, 0, masks[0])
    with pytest.raises(gcpp.MissingFileError):
        model.score_masks("none.png", masks, 0)


# ---- Metrics -------------------------------------------------------------------------------


def test_metrics_by_batches_equal_those_one_by_one(model, weights, photo):
    explanation = model.explain(photo)
    score = metrics.ProbabilityScore(model, explanation.target)
    index = explanation.target.index

    def slow(picture):
        return slow_network.softmax(slow_network.forward(weights, picture).logits)[index]

    for metric in (metrics.deletion, metrics.insertion):
        seen, heatmap = explanation._core.seen, explanation.heatmap
        quick = metric(seen, heatmap, score, steps=19)
        single = metric(seen, heatmap, lambda picture: score(picture), steps=19)
        np.testing.assert_array_equal(quick.scores, single.scores)
        assert quick.area == single.area
        by_hand = metric(seen, heatmap, slow, steps=19)
        np.testing.assert_allclose(quick.scores, by_hand.scores, rtol=1e-3)


def test_any_score_may_have_a_batch():
    class Brightness:
        def __init__(self):
            self.asked = []

        def __call__(self, picture):
            raise AssertionError("one by one")

        def batch(self, pictures):
            self.asked.append(len(pictures))
            return pictures[:, :, :, 0].mean(axis=(1, 2))

    picture = np.stack([np.linspace(0, 1, 16).reshape(4, 4)] * 3, axis=2)
    black = np.zeros_like(picture)
    score = Brightness()
    found = metrics.deletion(picture, picture[:, :, 0], score, steps=16, baseline=black)
    assert score.asked == [8, 8, 1]
    expected = [picture[:, :, 0].ravel()[: 16 - step].sum() / 16 for step in range(17)]
    np.testing.assert_allclose(found.scores, expected, atol=1e-7)


def test_scores_without_a_probability_are_refused(model):
    for target in (targets.Not(2), targets.Difference(1, 2), targets.Output(np.ones(10))):
        with pytest.raises(gcpp.InvalidArgumentError, match="has no probability"):
            metrics.ProbabilityScore(model, target)
    assert metrics.ProbabilityScore(model, targets.Probability(2)).of(
        gcpp.Prediction(2, "2", 0.25, 1.0)
    ) == pytest.approx(0.25)
