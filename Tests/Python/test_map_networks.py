"""Networks that end with a map of classes: masks, weights over the output, no predictions."""

import pickle

import gradcampp_swift as gcpp
import numpy as np
import pytest
import small_onnx

targets = gcpp.targets
HEIGHT, WIDTH = 8, 10
CELLS = np.random.default_rng(5).normal(size=(HEIGHT, WIDTH)) * (np.arange(WIDTH) > 3)
LABELS = ["sky", "road", "tree"]


@pytest.fixture(scope="module")
def tensors():
    """A convolution of 3 x 3, and one of 1 x 1 that gives three classes to each cell."""
    random = np.random.default_rng(4)
    shapes = {"k1": (4, 3, 3, 3), "b1": (4,), "k2": (3, 4, 1, 1), "b2": (3,)}
    return {name: random.normal(0, 0.5, shape).astype("f4") for name, shape in shapes.items()}


@pytest.fixture(scope="module")
def model(tmp_path_factory, tensors):
    path = tmp_path_factory.mktemp("map") / "map.onnx"
    nodes = [
        small_onnx.node("Conv", ["input", "k1", "b1"], "c", pads=[1] * 4, kernel_shape=[3, 3]),
        small_onnx.node("Relu", ["c"], "rectified"),
        small_onnx.node("Conv", ["rectified", "k2", "b2"], "output", kernel_shape=[1, 1]),
    ]
    shape = (1, 3, HEIGHT, WIDTH)
    small_onnx.write(path, nodes, tensors, shape, shape)
    return gcpp.load(path, LABELS, preprocessing="unit")


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(6).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def slow(tensors, picture):
    """The rectified tensor and the output, channels last, in float64."""
    seen = np.pad(picture / 255, ((1, 1), (1, 1), (0, 0)))
    kernel = tensors["k1"].astype(np.float64)
    first = np.empty((HEIGHT, WIDTH, 4))
    for row in range(HEIGHT):
        for column in range(WIDTH):
            window = seen[row : row + 3, column : column + 3].transpose(2, 0, 1)
            first[row, column] = (kernel * window).sum(axis=(1, 2, 3)) + tensors["b1"]
    rectified = np.maximum(first, 0)
    return rectified, rectified @ tensors["k2"][:, :, 0, 0].T.astype(np.float64) + tensors["b2"]


WHOLE = np.random.default_rng(7).normal(size=(HEIGHT, WIDTH, 3))

CASES = {
    "mask": (targets.Mask("road", CELLS), CELLS[:, :, np.newaxis] * np.array([0, 1, 0])),
    "bool mask": (
        targets.Mask(2, CELLS > 0),
        (CELLS > 0)[:, :, np.newaxis] * np.array([0, 0, 1]),
    ),
    "output": (targets.Output(WHOLE), WHOLE),
}


@pytest.mark.parametrize("kind", CASES)
def test_scores_gradients_and_maps(model, tensors, picture, slow, kind):
    target, over_output = CASES[kind]
    rectified, output = slow
    explanation = model.explain(picture, target, layer="rectified", method="gradcam")
    assert explanation.score == pytest.approx((over_output * output).sum(), rel=1e-4)
    gradient = over_output @ tensors["k2"][:, :, 0, 0].astype(np.float64)
    found = model.gradients(picture, "rectified", target)
    np.testing.assert_allclose(found, gradient, atol=1e-5)
    cam = np.maximum((rectified * gradient.mean(axis=(0, 1))).sum(axis=2), 0)
    assert cam.any()
    np.testing.assert_allclose(explanation.cam, cam / cam.max(), atol=1e-4)
    scores = model.score(picture[np.newaxis] / 255, [target, target])
    np.testing.assert_allclose(scores, explanation.score, rtol=1e-5)


def test_network_says_what_it_ends_with(model):
    assert model.output_kind == "map"
    assert model.output_shape == (HEIGHT, WIDTH, 3)
    assert model.activation is None
    assert model.labels == LABELS
    assert pickle.loads(pickle.dumps(model)).labels == LABELS


def test_what_is_about_classes_is_refused(model, picture):
    for use in (
        lambda: model.predict(picture),
        lambda: model.explain(picture),
        lambda: model.explain(picture, "road"),
        lambda: model.explain(picture, targets.Probability(1)),
    ):
        with pytest.raises(gcpp.InvalidArgumentError, match="ends with a map"):
            use()
    with pytest.raises(gcpp.InvalidArgumentError, match=r"\(10, 8\), expected \(8, 10\)"):
        model.explain(picture, targets.Mask("road", CELLS.T))
    with pytest.raises(gcpp.UnknownNameError, match="'sea'"):
        model.explain(picture, targets.Mask("sea", CELLS))
    with pytest.raises(gcpp.InvalidArgumentError, match="not one score for each class"):
        gcpp.load(model.path, activation="sigmoid")


@pytest.mark.parametrize("kind", CASES)
def test_explanations_show_themselves_and_pickle(model, picture, kind):
    explanation = model.explain(picture, CASES[kind][0], guided=True)
    title = {"mask": "road over a mask", "bool mask": "tree over a mask"}.get(
        kind, "a weighted sum of the output"
    )
    assert explanation.predictions == []
    with pytest.raises(gcpp.InvalidArgumentError, match=title):
        explanation.target  # noqa: B018
    assert f"explained: {title} (score " in explanation._repr_html_()
    assert gcpp.contact_sheet([explanation]).shape[2] == 3
    after = pickle.loads(pickle.dumps(explanation))
    assert after.asked == explanation.asked
    assert repr(after) == repr(explanation)
    np.testing.assert_array_equal(after.guided_gradients, explanation.guided_gradients)


def test_a_method_without_channel_weights(model, picture):
    from gradcampp_swift.explanations.pickling import core_of, parts_of

    parts = parts_of(model.explain(picture, CASES["mask"][0], layer="rectified")._core)
    assert parts["channel_weights"].shape == (4,)
    without = core_of({**parts, "channel_weights": None})
    assert without.channel_weights is None
    np.testing.assert_array_equal(without.cam, parts["cam"])
