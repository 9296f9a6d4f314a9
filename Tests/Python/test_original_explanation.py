"""Explanations in the coordinates of the photo."""

import pickle

import gradcampp_swift as gcpp
import networks
import numpy as np
import pytest
from gradcampp_swift.pictures.geometry import SourceArea, to_picture
from PIL import Image

SIDE = 64


@pytest.fixture(scope="module")
def watcher():
    return gcpp.load(networks.make_watcher())


def test_size_and_area_of_a_picture(model, photo):
    explanation = model.explain(photo)
    assert explanation.original_size == (90, 120)
    assert explanation.source_area == (90, 120, 0, 15, 90, 90)
    upright = model.explain(np.rot90(photo))
    assert upright.source_area == (120, 90, 15, 0, 90, 90)


@pytest.mark.parametrize("size", [(1, 1), (1, 57), (64, 64), (501, 300), (33, 34), (65, 64)])
def test_the_area_is_the_middle(model, size):
    picture = np.random.default_rng(3).integers(0, 256, (*size, 3)).astype(np.uint8)
    explanation = model.explain(picture)
    side = min(size)
    area = SourceArea(*size, (size[0] - side) // 2, (size[1] - side) // 2, side, side)
    assert explanation.source_area == area
    cut = picture[area.top : area.top + area.height, area.left : area.left + area.width]
    np.testing.assert_array_equal(explanation.input, model.explain(cut).input)


def test_the_size_is_that_of_the_upright_picture(model, photo, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    for name in ("turned.jpg", "turned.png"):
        Image.fromarray(photo).save(tmp_path / name, exif=exif)
        assert model.explain(tmp_path / name).original_size == (120, 90)


def test_streams_and_lists_know_the_size(model, photo):
    found = list(model.explain_many([photo, photo[:50]], batch_size=2))
    assert [each.original_size for each in found] == [(90, 120), (50, 120)]
    for each in model.explain(photo, target=[1, 2]):
        assert each.original_size == (90, 120)


def test_map_on_the_photo(model, photo):
    explanation = model.explain(photo)
    found = explanation.map_to_original()
    np.testing.assert_array_equal(
        found, to_picture(explanation.heatmap, SourceArea(90, 120, 0, 15, 90, 90))
    )
    assert found.shape == (90, 120)
    assert found.max() > 0.9
    assert not found[:, :15].any()
    assert not found[:, 105:].any()


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((300, 400), (200, 60, 290, 150)),
        ((300, 400), (60, 200, 150, 290)),
        ((640, 320), (40, 200, 140, 300)),
        ((48, 64), (34, 18, 48, 32)),
        ((512, 512), (300, 40, 470, 210)),
    ],
)
def test_a_bright_square_is_found_where_it_is(watcher, size, box):
    """A cell of the map is 1/4 of the short edge; the interpolation reaches a cell further."""
    x0, y0, x1, y1 = box
    picture = np.zeros((*size, 3), np.uint8)
    picture[y0:y1, x0:x1] = 255
    explanation = watcher.explain(picture, target=0)
    values = explanation.map_to_original().astype(np.float64)
    y, x = np.mgrid[0 : size[0], 0 : size[1]] + 0.5
    cell = min(size) / 4
    middle = [(values * axis).sum() / values.sum() for axis in (x, y)]
    assert middle == pytest.approx([(x0 + x1) / 2, (y0 + y1) / 2], abs=0.6 * cell)
    assert explanation.mask(0.5)[(y0 + y1) // 2, (x0 + x1) // 2]
    found = explanation.boxes(0.5)[0]
    for mine, true in zip(found, box, strict=True):
        assert abs(mine - true) <= cell
    # The mirrored picture has the mirrored map, if no offset is odd.
    mirrored = watcher.explain(np.ascontiguousarray(picture[:, ::-1]), target=0)
    np.testing.assert_allclose(mirrored.map_to_original()[:, ::-1], values, atol=1e-6)


def test_mask_and_boxes_agree(model, photo):
    explanation = model.explain(photo)
    values = explanation.map_to_original()
    for threshold in (0, 0.15, 0.5, 0.9):
        mask = explanation.mask(threshold)
        np.testing.assert_array_equal(mask, values > np.float32(threshold) * values.max())
        covered = np.zeros_like(mask)
        sums = []
        for x0, y0, x1, y1 in explanation.boxes(threshold):
            assert mask[y0:y1, x0:x1].any(axis=1).all()
            assert mask[y0:y1, x0:x1].any(axis=0).all()
            covered[y0:y1, x0:x1] = True
            sums.append((values * mask)[y0:y1, x0:x1].sum())
        assert mask.any()
        assert not (mask & ~covered).any()


def test_in_pixels_of_the_input(model, photo):
    explanation = model.explain(photo)
    mask = explanation.mask(0.5, original=False)
    np.testing.assert_array_equal(mask, explanation.heatmap > 0.5 * explanation.heatmap.max())
    assert all(max(box) <= SIDE for box in explanation.boxes(0.5, original=False))


def test_no_evidence_has_no_boxes(watcher, photo):
    explanation = watcher.explain(np.zeros_like(photo), target=0)
    assert not explanation.cam.any()
    assert not explanation.mask(0).any()
    assert explanation.boxes(0) == []
    assert not explanation.overlay_rgba()[..., 3].any()
    assert explanation.scale == 0
    assert not explanation.raw_cam.any()


@pytest.mark.parametrize("colormap", ["jet", "viridis", "hot", "gray"])
def test_transparent_overlay(model, photo, colormap):
    explanation = model.explain(photo)
    found = explanation.overlay_rgba(alpha=0.5, colormap=colormap, original=False)
    np.testing.assert_array_equal(found[..., :3], explanation.heatmap_rgb(colormap))
    opacity = 127.5 * explanation.heatmap.astype(np.float64)
    assert np.abs(found[..., 3] - opacity).max() <= 0.5
    whole = explanation.overlay_rgba(colormap=colormap)
    assert whole.shape == (90, 120, 4)
    opacity = 255 * 0.6 * explanation.map_to_original().astype(np.float64)
    assert np.abs(whole[..., 3] - opacity).max() <= 0.5


@pytest.mark.parametrize("threshold", [-0.1, 1, float("nan"), 2])
def test_threshold_out_of_range(model, photo, threshold):
    explanation = model.explain(photo)
    for find in (explanation.mask, explanation.boxes):
        with pytest.raises(gcpp.InvalidArgumentError, match=r"threshold is .*0 to less than 1"):
            find(threshold)


def test_arguments_of_another_kind(model, photo):
    explanation = model.explain(photo)
    with pytest.raises(gcpp.WrongTypeError, match=r"threshold is '0\.5', expected a number"):
        explanation.mask("0.5")
    with pytest.raises(gcpp.WrongTypeError, match="alpha is True"):
        explanation.overlay_rgba(alpha=True)
    with pytest.raises(gcpp.InvalidArgumentError, match="alpha is 0, expected more than 0"):
        explanation.overlay_rgba(alpha=0)
    with pytest.raises(gcpp.InvalidArgumentError, match='"plaid" is unknown; there are: jet'):
        explanation.overlay_rgba(colormap="plaid")


def test_raw_map_is_the_weighted_sum(model, photo):
    activations = model.activations(photo, "conv5_3").astype(np.float64)
    for explanation in model.explain(photo, target=[0, 3, 7]):
        raw = np.maximum(activations @ explanation.channel_weights.astype(np.float64), 0)
        np.testing.assert_allclose(explanation.raw_cam, raw, rtol=1e-5, atol=1e-9)
        assert explanation.scale == pytest.approx(raw.max(), rel=1e-6)
        assert explanation.raw_cam.dtype == np.float32


def test_raw_maps_compare(watcher):
    """Twice as bright above the grey that the network takes off, twice the map."""
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    first, second = (
        watcher.explain(np.full_like(picture, level), target=0) for level in (170, 220)
    )
    np.testing.assert_array_equal(first.cam, second.cam)
    mean = np.mean([103.939, 116.779, 123.68]) + 20
    assert second.scale / first.scale == pytest.approx((220 - mean) / (170 - mean), rel=1e-5)


def test_pickled_with_scale_and_area(model, photo):
    explanation = model.explain(photo)
    other = pickle.loads(pickle.dumps(explanation))
    assert other.scale == explanation.scale
    assert other.source_area == explanation.source_area
    np.testing.assert_array_equal(other.map_to_original(), explanation.map_to_original())


def _pickled_earlier(explanation):
    """What a version without scale and area would have pickled, restored."""
    make, (parts, *rest) = explanation.__reduce__()
    older = {name: part for name, part in parts.items() if name not in ("scale", "area")}
    return make(older, *rest)


def test_explanations_pickled_earlier(model, photo):
    explanation = model.explain(photo)
    other = _pickled_earlier(explanation)
    np.testing.assert_array_equal(other.heatmap, explanation.heatmap)
    assert other.original_size is None
    assert other.source_area is None
    for use in (other.map_to_original, other.mask, other.boxes, other.overlay_rgba):
        with pytest.raises(gcpp.InvalidArgumentError, match="original=False"):
            use()
    np.testing.assert_array_equal(other.mask(original=False), explanation.mask(original=False))
    for name in ("scale", "raw_cam"):
        with pytest.raises(gcpp.InvalidArgumentError, match="explain the picture again"):
            getattr(other, name)


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": -1.0},
        {"scale": float("nan")},
        {"area": (0, 5, 0, 0, 5, 5)},
        {"area": (9, 9, 9, 0, 5, 5)},
        {"area": (9, 9, -5, 0, 5, 5)},
        {"area": (9, 9, 0, 0, 0, 5)},
        {"area": (9, 9, 0, -(2**63), 5, 2**63 - 1)},
        {"area": (9, 9, 0, 0, -(2**63), 5)},
    ],
)
def test_impossible_parts_are_refused(model, photo, changes):
    make, (parts, *rest) = model.explain(photo).__reduce__()
    with pytest.raises(gcpp.InvalidArgumentError, match=r"scale|area|picture of"):
        make({**parts, **changes}, *rest)
