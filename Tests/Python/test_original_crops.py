"""What the network sees of a picture of other proportions, and the way back to the picture."""

import pickle

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift.loading import reopen

SIDE = 64


@pytest.fixture(scope="module")
def watchers():
    weights = networks.make_watcher()
    return {crop: gcpp.load(weights, crop=crop) for crop in ("center", "squash", "pad")}


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(5).integers(0, 256, (32, 64, 3)).astype(np.uint8)


def test_center_is_the_default(weights, photo):
    first, second = gcpp.load(weights), gcpp.load(weights, crop="center")
    assert (first.crop, second.crop) == ("center", "center")
    np.testing.assert_array_equal(first.explain(photo).input, second.explain(photo).input)


@pytest.mark.parametrize(
    ("crop", "size", "area"),
    [
        ("squash", (90, 120), (0, 0, 90, 120)),
        ("squash", (5, 1), (0, 0, 5, 1)),
        ("pad", (90, 120), (-15, 0, 120, 120)),
        ("pad", (121, 90), (0, -15, 121, 121)),
        ("pad", (64, 64), (0, 0, 64, 64)),
        ("pad", (1, 1000), (-499, 0, 1000, 1000)),
    ],
)
def test_areas(watchers, crop, size, area):
    explanation = watchers[crop].explain(np.full((*size, 3), 200, np.uint8))
    assert explanation.source_area == (*size, *area)
    assert explanation.original_size == size
    assert explanation.map_to_original().shape == size


def test_squashed(watchers, picture):
    """Twice as high: rows at 1/4 and 3/4 between the picture's; outside counts as 0."""
    seen = watchers["squash"].explain(picture).input
    lines = np.concatenate([np.zeros((1, SIDE, 3)), picture, np.zeros((1, SIDE, 3))])
    expected = np.empty((SIDE, SIDE, 3))
    expected[0::2] = 0.25 * lines[:-2] + 0.75 * lines[1:-1]
    expected[1::2] = 0.75 * lines[1:-1] + 0.25 * lines[2:]
    np.testing.assert_array_equal(seen, np.clip(expected, picture.min(), None).astype(np.uint8))


@pytest.mark.parametrize(
    ("preprocessing", "bar"),
    [
        ("caffe", (123, 116, 103)),
        ("torchvision", (123, 116, 103)),
        ("unit", (0, 0, 0)),
        (gcpp.Preprocessing("BGR", 1, (10, -20, 300), (1, 2, 3)), (255, 0, 10)),
    ],
)
def test_padded(weights, picture, preprocessing, bar):
    for turned in (False, True):
        given = np.rot90(picture) if turned else picture
        model = gcpp.load(weights, preprocessing=preprocessing, crop="pad")
        seen = model.explain(given).input
        seen = np.rot90(seen, -1) if turned else seen
        np.testing.assert_array_equal(seen[16:48], picture)
        assert (seen[:16] == bar).all()
        assert (seen[48:] == bar).all()


def test_bars_go_in_as_zero(weights, picture):
    """A convolution of nothing leaves its biases."""
    for preprocessing in ("caffe", "torchvision"):
        model = gcpp.load(weights, preprocessing=preprocessing, crop="pad")
        found = model.activations(picture, "conv1_1/linear")
        biases = weights["conv1_1"][1]
        np.testing.assert_allclose(found[:15], np.broadcast_to(biases, (15, SIDE, 8)), atol=1e-5)
        assert np.abs(found[20:40] - biases).max() > 0.01


@pytest.mark.parametrize("crop", ["squash", "pad"])
@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((300, 400), (4, 60, 100, 150)),
        ((300, 400), (300, 200, 398, 298)),
        ((640, 320), (40, 20, 200, 180)),
        ((640, 320), (100, 460, 260, 630)),
    ],
)
def test_a_bright_square_is_found_where_it_is(watchers, crop, size, box):
    """Also where a crop of the middle would not see it."""
    x0, y0, x1, y1 = box
    picture = np.zeros((*size, 3), np.uint8)
    picture[y0:y1, x0:x1] = 255
    explanation = watchers[crop].explain(picture, target=0)
    values = explanation.map_to_original().astype(np.float64)
    cells = [extent / 4 for extent in explanation.source_area[:3:-1]]  # width, height
    y, x = np.mgrid[0 : size[0], 0 : size[1]] + 0.5
    for axis, middle, cell in zip((x, y), ((x0 + x1) / 2, (y0 + y1) / 2), cells, strict=True):
        assert (values * axis).sum() / values.sum() == pytest.approx(middle, abs=0.6 * cell)
    for mine, true, cell in zip(explanation.boxes(0.5)[0], box, cells * 2, strict=True):
        assert abs(mine - true) <= cell


def test_the_middle_does_not_see_what_the_others_see(watchers):
    picture = np.zeros((64, 192, 3), np.uint8)
    picture[:, :60] = 255
    seen = {crop: each.explain(picture, target=0).cam.any() for crop, each in watchers.items()}
    assert seen == {"center": False, "squash": True, "pad": True}


def test_guided_gradients_have_the_inputs_size(watchers, picture):
    for watcher in watchers.values():
        assert watcher.explain(picture, target=0, guided=True).panels().shape == (64, 256, 3)


def test_models_pickle_with_their_crop(weight_file, photo):
    model = gcpp.load(weight_file, crop="pad")
    other = pickle.loads(pickle.dumps(model))
    assert other.crop == "pad"
    np.testing.assert_array_equal(other.explain(photo).heatmap, model.explain(photo).heatmap)


def test_models_pickled_before_there_were_crops(weight_file):
    model = gcpp.load(weight_file)
    assert reopen(model.path, model.sha256, model.labels, model.preprocessing).crop == "center"


def test_unknown_crop(weights, weight_file):
    message = r"crop \"stretch\" is unknown; expected one of center, squash, pad"
    for given in (weights, weight_file):
        with pytest.raises(gcpp.InvalidArgumentError, match=message):
            gcpp.load(given, crop="stretch")
        with pytest.raises(gcpp.WrongTypeError, match="crop is 3, expected a name"):
            gcpp.load(given, crop=3)
