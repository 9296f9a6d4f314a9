"""The Python contract: names, types, ranges."""

import gradcampp_swift as gcpp
import numpy as np
import pytest


@pytest.fixture(scope="module")
def explanation(model, photo):
    return model.explain(photo, guided=True)


# ---- Model ---------------------------------------------------------------------------------


def test_description(model):
    assert model.architecture.startswith("VGG")
    assert model.input_shape == (64, 64, 3)
    assert model.labels == [str(index) for index in range(10)]
    convolutions = [name for name in model.layers if name.startswith("conv")]
    assert len(convolutions) == 13
    assert model.layers[:3] == ["conv1_1", "conv1_2", "pool1"]
    assert model.layers[-4:] == ["pool5", "fc6", "fc7", "fc8"]
    assert repr(model).startswith("Model(VGG")
    assert "\n" not in repr(model)


def test_predict(model, photo):
    found = model.predict(photo)
    assert [type(prediction) for prediction in found] == [gcpp.Prediction] * 5
    everything = model.predict(photo, top=99)
    assert everything[:5] == found
    assert sorted(prediction.index for prediction in everything) == list(range(10))
    assert sum(prediction.probability for prediction in everything) == pytest.approx(1, abs=1e-12)
    logits = [prediction.logit for prediction in everything]
    assert logits == sorted(logits, reverse=True)
    assert all(prediction.label == str(prediction.index) for prediction in found)
    fc8 = model.activations(photo, "fc8")
    assert [np.float32(prediction.logit) for prediction in found] == [
        fc8[prediction.index] for prediction in found
    ]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [("conv5_3", (4, 4, 8)), ("pool5", (2, 2, 8)), ("fc7", (16,)), ("fc8", (10,))],
)
def test_tensors(model, photo, layer, shape):
    activations = model.activations(photo, layer)
    gradients = model.gradients(photo, layer)
    assert activations.shape == gradients.shape == shape
    assert activations.dtype == gradients.dtype == np.float32
    assert not activations.flags.writeable
    assert np.isfinite(gradients).all()


def test_relu_of_linear_is_the_layer(model, photo):
    linear = model.activations(photo, "conv5_3/linear")
    assert (linear < 0).any()
    np.testing.assert_array_equal(np.maximum(linear, 0), model.activations(photo, "conv5_3"))


def test_gradient_of_logits_is_one_hot(model, photo):
    gradients = model.gradients(photo, "fc8", target=3)
    np.testing.assert_array_equal(gradients, np.eye(10, dtype=np.float32)[3])


# ---- Explanation ---------------------------------------------------------------------------


def test_numbers(explanation, model, photo):
    assert explanation.heatmap.dtype == np.float32
    assert explanation.heatmap.shape == (64, 64)
    assert 0 <= explanation.heatmap.min() <= explanation.heatmap.max() <= 1
    assert explanation.cam.dtype == np.float32
    assert explanation.cam.shape == (4, 4)
    assert explanation.cam.max() == 1
    assert explanation.cam.min() >= 0
    assert explanation.channel_weights.dtype == np.float32
    assert explanation.channel_weights.shape == (8,)
    assert explanation.channel_weights.min() >= 0
    assert explanation.guided_gradients.dtype == np.float32
    assert explanation.guided_gradients.shape == (64, 64, 3)
    assert explanation.target == explanation.predictions[0] == model.predict(photo, 1)[0]
    assert len(explanation.predictions) == 5
    assert (explanation.method, explanation.layer) == ("gradcam++", "conv5_3")
    assert "\n" not in repr(explanation)


@pytest.mark.parametrize(
    ("draw", "shape"),
    [
        (lambda e: e.input, (64, 64, 3)),
        (lambda e: e.guided_panel, (64, 64, 3)),
        (lambda e: e.overlay(), (64, 64, 3)),
        (lambda e: e.heatmap_rgb(), (64, 64, 3)),
        (lambda e: e.panels(), None),
        (lambda e: e.figure(), (2880, 3840, 3)),
    ],
    ids=["input", "guided_panel", "overlay", "heatmap_rgb", "panels", "figure"],
)
def test_pictures(explanation, draw, shape):
    picture = draw(explanation)
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert picture.shape[2] == 3
    assert shape is None or picture.shape == shape
    assert not picture.flags.writeable
    assert picture.max() > picture.min()


def test_overlay_follows_alpha(explanation):
    assert (explanation.overlay(alpha=1) == explanation.heatmap_rgb()).mean() > 0.99
    faint = explanation.overlay(alpha=0.004).astype(int)
    assert np.abs(faint - explanation.input).max() <= 2


def test_not_guided(model, photo):
    explanation = model.explain(photo)
    assert explanation.guided_gradients is None
    assert explanation.guided_panel is None
    for draw in (explanation.panels, explanation.figure):
        with pytest.raises(gcpp.InvalidArgumentError, match="guided"):
            draw()


def test_cam_of_own_tensors_is_the_cam(model, photo):
    explanation = model.explain(photo, target=4)
    activations = model.activations(photo, "conv5_3")
    gradients = model.gradients(photo, "conv5_3", target=4)
    found = gcpp.cam(activations, gradients)
    np.testing.assert_allclose(found, explanation.cam, atol=1e-6)
    first = gcpp.cam(np.moveaxis(activations, 2, 0), np.moveaxis(gradients, 2, 0), layout="CHW")
    np.testing.assert_array_equal(first, found)
    np.testing.assert_array_equal(gcpp.cam(activations.tolist(), gradients.tolist()), found)


def test_cam_of_misaligned_arrays():
    random = np.random.default_rng(1)
    for dtype in (np.float32, np.float64):
        values = random.random((3, 4, 2)).astype(dtype)
        room = np.empty(values.nbytes + 1, dtype=np.uint8)
        misaligned = np.frombuffer(room[1:].data, dtype=dtype).reshape(values.shape)
        misaligned[...] = values
        assert not misaligned.flags.aligned
        np.testing.assert_array_equal(gcpp.cam(misaligned, misaligned), gcpp.cam(values, values))


@pytest.mark.parametrize("shape", [(512, 7, 7), (64, 5, 9), (3, 80, 4)])
def test_cam_does_not_guess_a_layout(shape):
    """PyTorch's arrays have the channels first; taken for rows, they make a map of nothing."""
    values = np.random.default_rng(5).random(shape, np.float32)
    with pytest.raises(gcpp.InvalidArgumentError, match="give layout='CHW' or layout='HWC'"):
        gcpp.cam(values, values)
    assert gcpp.cam(values, values, layout="CHW").shape == shape[1:]
    assert gcpp.cam(values, values, layout="HWC").shape == shape[:2]


def test_cam_without_evidence_is_zero():
    activations = np.ones((3, 5, 2))
    np.testing.assert_array_equal(gcpp.cam(activations, -activations), np.zeros((3, 5)))


# ---- Introspection and settings ------------------------------------------------------------


def test_introspection(capsys):
    assert "gradcam++" in gcpp.methods()
    assert "Chattop" in gcpp.methods()["gradcam++"].citation
    assert "jet" in gcpp.colormaps()
    gcpp.show_versions()
    assert gcpp.__version__ in capsys.readouterr().out


def test_set_num_threads(model, photo):
    try:
        for count in (1, 2, 10**9):
            gcpp.set_num_threads(count)
            assert model.predict(photo, 1)
    finally:
        gcpp.set_num_threads(0)
