"""What scenes hold: classes, instances, masks, boxes."""

import numpy as np
import pytest
from scenes import LABELS, SPLITS, Scene, scene

COUNT = 48


@pytest.fixture(scope="module", params=SPLITS)
def some(request: pytest.FixtureRequest) -> tuple[str, list[Scene]]:
    return request.param, [scene(5, index, request.param) for index in range(COUNT)]


def test_each_class_labels_as_many_scenes(some: tuple[str, list[Scene]]) -> None:
    labels = [each.label for each in some[1]]
    for first in range(0, COUNT, len(LABELS)):
        assert sorted(labels[first : first + len(LABELS)]) == list(range(len(LABELS)))
    # In an order of their own in every dozen.
    assert labels[:12] != labels[12:24]


def test_instances(some: tuple[str, list[Scene]]) -> None:
    split, scenes = some
    counts = [
        tuple(sum(one.label == label for one in each.instances) for label in each.labels)
        for each in scenes
    ]
    wanted = {
        "single": {(1,)},
        "multi": {(2,), (3,), (4,)},
        "pair": {(1, 1), (1, 2), (2, 1), (2, 2)},
    }
    assert set(counts) == wanted[split]
    assert all(each.labels[0] == each.label == each.instances[0].label for each in scenes)


def test_boxes_are_the_bounds_of_masks(some: tuple[str, list[Scene]]) -> None:
    for each in some[1]:
        for instance in each.instances:
            x0, y0, x1, y1 = instance.box
            inside = instance.mask[y0:y1, x0:x1]
            assert np.count_nonzero(inside) == np.count_nonzero(instance.mask) > 0
            assert inside[0].any()
            assert inside[-1].any()
            assert inside[:, 0].any()
            assert inside[:, -1].any()


def test_masks_share_no_pixel(some: tuple[str, list[Scene]]) -> None:
    for each in some[1]:
        assert np.sum([instance.mask for instance in each.instances], axis=0).max() == 1


def test_mask_of_a_class_joins_its_instances(some: tuple[str, list[Scene]]) -> None:
    each = some[1][0]
    joined = sum(each.mask(label).astype(int) for label in each.labels)
    assert np.array_equal(joined, np.sum([one.mask for one in each.instances], axis=0))
    absent = next(label for label in range(12) if label not in each.labels)
    assert not each.mask(absent).any()


def test_objects_are_well_visible_and_some_partly_hidden(some: tuple[str, list[Scene]]) -> None:
    visible = np.array([one.visible for each in some[1] for one in each.instances])
    assert visible.min() >= 0.65
    assert visible.max() == 1
    assert 0.03 < np.mean(visible < 0.97) < 0.6


def test_objects_are_a_small_part_of_the_picture(some: tuple[str, list[Scene]]) -> None:
    for each in some[1]:
        for x0, y0, x1, y1 in (one.box for one in each.instances):
            assert 14 < max(x1 - x0, y1 - y0) < 120
        shares = [each.mask(label).mean() for label in each.labels]
        assert min(shares) > 0.002
        assert max(shares) < 0.25


def test_masks_lie_on_what_was_painted() -> None:
    # Between an object's pixels and their neighbours outside lies an edge: levels differ more
    # there than between neighbours on the ground.
    edges, grounds = [], []
    for index in range(24):
        made = scene(6, index)
        mask, grey = made.instances[0].mask, made.image.mean(axis=2)
        step = np.abs(np.diff(grey, axis=1))
        edges.append(step[mask[:, 1:] != mask[:, :-1]].mean())
        grounds.append(step[~mask[:, 1:] & ~mask[:, :-1]].mean())
    assert np.median(np.array(edges) / np.array(grounds)) > 2


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="split is 'triple', expected one of single, multi, pair"):
        scene(1, 1, "triple")
