"""The list of metrics: examples, columns, and maps without evidence."""

import doctest
import importlib
import pkgutil

import gradcampp_swift.command.evaluate
import numpy as np
import pytest
from gradcampp_swift import metrics

MODULES = [
    f"{package.__name__}.{found.name}"
    for package in (metrics, gradcampp_swift.command.evaluate)
    for found in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", [metrics.__name__, *MODULES])
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_metric_is_listed():
    defined = {
        id(value)
        for name in MODULES
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, metrics.Metric)
    }
    assert defined == set(map(id, metrics.METRICS))
    names = [column.name for metric in metrics.METRICS for column in metric.columns]
    assert len(set(names)) == len(names)


def case(heatmap, truth):
    picture = np.random.default_rng(1).random((16, 16, 3))
    return metrics.Case(
        picture=picture,
        heatmap=heatmap,
        cam=heatmap[::4, ::4],
        probability=0.5,
        score=lambda shown: float(shown.mean()) / 2,
        truth=truth,
        randomised=lambda: [heatmap[::4, ::4], np.eye(4, dtype=np.float32)],
    )


def truth(mask):
    region = np.zeros((16, 16), bool)
    region[2:4, 3:7] = True
    return metrics.Truth(((3, 2, 7, 4),), region, mask)


@pytest.mark.parametrize("metric", metrics.METRICS, ids=lambda metric: metric.name)
def test_numbers_for_every_column(metric):
    zero, bright = np.zeros((16, 16), np.float32), np.ones((16, 16), np.float32)
    mask = np.zeros((16, 16), bool)
    mask[3, 3] = True
    for heatmap in (zero, bright, np.eye(16, dtype=np.float32)):
        values = list(metric.measure(case(heatmap, truth(mask))))
        assert len(values) == len(metric.columns) * (2 if metric.per_layer else 1)
        assert np.isfinite(values).all()
    expected = 0 if metric.needs else len(values)
    assert len(list(metric.measure(case(bright, None)))) == expected


def test_values_without_evidence():
    mask = np.zeros((16, 16), bool)
    mask[3, 3] = True
    found = {}
    for metric in metrics.METRICS:
        if not metric.is_optional:
            values = metric.measure(case(np.zeros((16, 16), np.float32), truth(mask)))
            names = [column.name for column in metric.columns]
            found.update(zip(names, values, strict=True))
    assert found == {
        "explained_probability": 0,  # of a black picture
        "drop": 100,
        "increase": 0,
        "loc_0": 0,
        "loc_0.25": 0,
        "loc_0.5": 0,
        "pointing": 0,
        "energy_boxes": 0,
        "area_boxes": 8 / 256,
        "energy_mask": 0,
        "area_mask": 1 / 256,
        "best_box_iou": 0,
        "instances_found": 0,
    }


def test_mask_goes_before_boxes_in_the_pointing_game():
    (pointing,) = [metric for metric in metrics.METRICS if metric.name == "pointing game"]
    heatmap = np.zeros((16, 16), np.float32)
    heatmap[0, 0] = 1
    far = np.zeros((16, 16), bool)
    far[15, 15] = True  # 21 pixels away; the box is 4 away
    assert list(pointing.measure(case(heatmap, truth(far)))) == [0]
    assert list(pointing.measure(case(heatmap, truth(None)))) == [1]


def test_an_equal_probability_is_no_increase():
    (confidence,) = [metric for metric in metrics.METRICS if metric.name == "confidence"]
    for probability, increase, drop in ((0.5, 0, 0), (0.75, 1, 0), (0.25, 0, 50)):
        same = case(np.eye(16, dtype=np.float32), None)
        same = same._replace(score=lambda shown, probability=probability: probability)
        assert list(confidence.measure(same)) == [probability, drop, increase]
